/**
 * Ranges that the regulators reserve for fiction, so that no demo number reaches a person. `##` stands for
 * two digits.
 *
 * Sources: Ofcom (London 020 7946 0xxx), NANPA (555-0100 to 0199), ARCEP (01 99 00 xx xx), Bundesnetzagentur
 * (030 23125 xxx), PTS (08 465 004 xx), ACMA (02 5550 xxxx), ComReg (020 91x xxxx).
 */
const fictionalRanges: Readonly<Record<string, string>> = {
  AU: "+612555010##",
  DE: "+4930231251##",
  FR: "+331990001##",
  IE: "+3532091000##",
  SE: "+468465004##",
  US: "+161755501##",
};

/** Most countries have no such range: their users get a London number, that of the head office. */
const HEAD_OFFICE = "+4420794601##";

/** @param number below 100, unique */
export const fictionalTelephone = (locale: string, number: number): string =>
  (fictionalRanges[locale.slice(-2)] ?? HEAD_OFFICE).replace("##", String(number).padStart(2, "0"));
