/**
 * User n is named `firstNames[n % 37] lastNames[n % 53]`. Both lengths are prime, so that every pair occurs,
 * and one name alone matches about two of a hundred users.
 */
export const firstNames = [
  ..."Aisha Anders Beatriz Björn Chiara Dmitri Elena Émile Farid Greta Hiroshi Ingrid".split(" "),
  ..."Jamal Katarzyna Lars Łukasz Mei Nadia Oluwaseun Paolo Quynh Ravi Sofía Tomáš Ulrike".split(
    " ",
  ),
  ..."Viktor Wanda Xavier Yasmin Zoltán Agnes Bruno Carmen Denis Eszter Fiona Gustav".split(" "),
] as const;

export const lastNames = [
  ..."Abubakar Andersson Bauer Bianchi Castillo Cohen Dąbrowski Delgado Eriksen Fischer".split(" "),
  ..."Fontaine García Gruber Haddad Hansen Horváth Ibrahim Ivanova Jankowski Jensen Kaya".split(
    " ",
  ),
  ..."Kimura Kowalczyk Larsen Lê Lindberg Marino Mbeki Meyer Morales Müller Nakamura Nielsen".split(
    " ",
  ),
  ..."Novák Okoye Olsen Petrović Pham Quiroga Rossi Santos Schmidt Silva Sørensen Tanaka".split(
    " ",
  ),
  ..."Torres Ueda Vargas Virtanen Weber Yılmaz Zhang Zieliński".split(" "),
] as const;

/** One of 5,000 users (n % 5000 = 1234), for a search with very few results. */
export const RARE_LAST_NAME = "Featherstonehaugh";
