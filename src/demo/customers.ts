import type { DemoUser } from "./demo-user.js";

export const customers = [
  // The customers in Clientexec's document.
  { username: "jack.smith", name: ["Jack", "Smith"], locale: "en_US", clientexecId: 4145 },
  { username: "jesse.wolf", name: ["Jesse", "Wolf"], locale: "en_US", clientexecId: 23111 },
  {
    username: "cpa.business",
    name: [null, "CPA Business Name"],
    locale: "en_US",
    clientexecId: 2072,
  },
  { username: "amara.diallo", name: ["Amara", "Diallo"], locale: "fr_FR" },
  { username: "bohdan.kovalenko", name: ["Богдан", "Коваленко"], locale: "uk_UA" },
  { username: "brotwerk.nord", name: [null, "Brotwerk Nord GmbH"], locale: "de_DE" },
  { username: "chen.mei", name: ["美", "陈"], locale: "zh_CN", dateFormat: "iso" },
  { username: "dolores.ibarra", name: ["Dolores", "Ibarra"], locale: "es_MX" },
  { username: "elif.demir", name: ["Elif", "Demir"], locale: "tr_TR", emailVerified: false },
  { username: "frans.bakker", name: ["Frans", "Bakker"], locale: "nl_NL" },
  { username: "gwen.powell", name: ["Gwen", "Powell"], locale: "en_GB" },
  { username: "ivan.petrov", name: ["Иван", "Петров"], locale: "bg_BG", telephone: null },
  { username: "kwame.mensah", name: ["Kwame", "Mensah"], locale: "en_GB" },
  { username: "leila.haddad", name: ["ليلى", "حداد"], locale: "ar_LB", emailVerified: false },
  { username: "marta.horvat", name: ["Marta", "Horvat"], locale: "hr_HR" },
  { username: "mary.oconnor", name: ["Mary", "O’Connor"], locale: "en_IE" },
  { username: "pedro.almeida", name: ["Pedro", "Almeida"], locale: "pt_BR" },
  { username: "rosa", name: ["Rosa", null], locale: "es_ES", telephone: null },
  { username: "sato.haruto", name: ["陽翔", "佐藤"], locale: "ja_JP", dateFormat: "iso" },
  { username: "ursula.keller", name: ["Ursula", "Keller"], locale: "de_CH", active: false },
  { username: "vikram.iyer", name: ["Vikram", "Iyer"], locale: "en_IN" },
  { username: "wanjiku.kamau", name: ["Wanjikũ", "Kamau"], locale: "en_KE", emailVerified: false },
] as const satisfies readonly DemoUser[];
