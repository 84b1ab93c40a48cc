import type { DemoUser } from "./demo-user.js";

/** The staff. Some names test software that assumes ASCII. */
export const staff = [
  // Number 1 in Omnidesk, whose documents use that id in their examples.
  { username: "ines.moreau", name: ["Inès", "Moreau"], locale: "fr_FR", permissions: ["ADMIN"] },
  {
    username: "margaret.okafor",
    name: ["Margaret", "Okafor"],
    locale: "en_GB",
    permissions: ["USER_READ", "USER_CUD", "API_RESERVE_USER"],
  },
  // The two users in Rocket.Chat's documents; the first also logs in there.
  {
    username: "john.doe",
    name: ["John", "Doe"],
    locale: "en_US",
    permissions: ["USER_READ", "USER_CUD"],
    rocketChatId: "aobEdbYhXfu5hkeqG",
  },
  {
    username: "doe.john",
    name: ["Doe", "John"],
    locale: "en_US",
    rocketChatId: "SQafHvoFPuB57NmBD",
  },
  // The staff in Clientexec's document.
  { username: "joshua.post", name: ["Joshua", "Post"], locale: "en_US", clientexecId: 23243 },
  {
    username: "justin.patterson",
    name: ["Justin", "Patterson"],
    locale: "en_US",
    clientexecId: 21150,
  },
  {
    username: "alejandro.cordova",
    name: ["Alejandro", "Cordova"],
    locale: "es_MX",
    clientexecId: 21780,
  },
  { username: "juan.box", name: ["Juan", "Box."], locale: "es_ES", clientexecId: 10182 },
  // The telephone line in jtel's document.
  {
    username: "katharina.vogel",
    name: ["Katharina", "Vogel"],
    locale: "de_DE",
    jtelUid: "k.vogel",
  },
  { username: "grace.lindqvist", name: ["Grace", "Lindqvist"], locale: "sv_SE" },
  {
    username: "rafael.ortiz-vega",
    name: ["Rafael", "Ortiz Vega"],
    locale: "es_ES",
    permissions: ["USER_READ", "API_RESERVE_USER"],
  },
  { username: "nguyen.minh.anh", name: ["Minh Anh", "Nguyễn"], locale: "vi_VN" },
  { username: "soren.kjaer", name: ["Søren", "Kjær"], locale: "da_DK" },
  { username: "zaneta.wisniewska", name: ["Żaneta", "Wiśniewska"], locale: "pl_PL" },
  { username: "tanaka.yuki", name: ["優希", "田中"], locale: "ja_JP", dateFormat: "iso" },
  { username: "olga.smirnova", name: ["Ольга", "Смирнова"], locale: "ru_RU" },
  { username: "giorgos.papadakis", name: ["Γιώργος", "Παπαδάκης"], locale: "el_GR" },
  { username: "fatima.zahra", name: ["فاطمة", "الزهراء"], locale: "ar_MA" },
  { username: "kim.seoyeon", name: ["서연", "김"], locale: "ko_KR", dateFormat: "iso" },
  { username: "li.wei", name: ["伟", "李"], locale: "zh_CN", dateFormat: "iso" },
  { username: "priya.sharma", name: ["प्रिया", "शर्मा"], locale: "hi_IN" },
  { username: "yael.cohen", name: ["יעל", "כהן"], locale: "he_IL" },
  { username: "joao.conceicao", name: ["João", "da Conceição"], locale: "pt_PT" },
  { username: "sigridur.thorsdottir", name: ["Sigríður", "Þórsdóttir"], locale: "is_IS" },
  { username: "oisin.omalley", name: ["Oisín", "O'Malley"], locale: "en_IE" },
  { username: "anne-marie.lefevre", name: ["Anne-Marie", "Lefèvre"], locale: "fr_FR" },
  { username: "cagri.yildiz", name: ["Çağrı", "Yıldız"], locale: "tr_TR" },
  { username: "emeka.nwosu", name: ["Emeka", "Nwosu"], locale: "en_GB" },
  { username: "lucia.fernandez", name: ["Lucía", "Fernández"], locale: "es_ES" },
  { username: "mate.kovacs", name: ["Máté", "Kovács"], locale: "hu_HU" },
  { username: "ionut.serban", name: ["Ionuț", "Șerban"], locale: "ro_RO" },
  { username: "daan.de.vries", name: ["Daan", "de Vries"], locale: "nl_NL" },
  { username: "sanne.jansen", name: ["Sanne", "Jansen"], locale: "nl_NL" },
  { username: "malia.kahananui", name: ["Mālia", "Kahananui"], locale: "en_US" },
  { username: "nino.beridze", name: ["ნინო", "ბერიძე"], locale: "ka_GE", telephone: null },
  { username: "somchai.wongsakul", name: ["สมชาย", "วงศ์สกุล"], locale: "th_TH" },
  {
    username: "hanna.weiss",
    name: ["Hanna", "Weiß"],
    locale: "de_DE",
    permissions: ["USER_READ", "USER_ANONYMOUS_BROWSING_UPDATE"],
  },
  { username: "thomas.baker", name: ["Thomas", "Baker"], locale: "en_AU", active: false },
  // Has never been online.
  {
    username: "tereza.novakova",
    name: ["Tereza", "Nováková"],
    locale: "cs_CZ",
    emailVerified: false,
  },
  // A desk that several people share has no name of its own.
  { username: "reception.desk", name: [null, null], locale: "en_GB" },
] as const satisfies readonly DemoUser[];
