/**
 * Person n is called `firstNames[n % 37] lastNames[n % 53]`: both lengths are prime, so that every pair
 * occurs, and a name alone finds some two in a hundred people.
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

/** One in 5,000 people (n % 5000 = 1234), so that there is a search that hardly finds anybody. */
export const RARE_LAST_NAME = "Featherstonehaugh";
