#include "parse/language_words.h"

#define BIT(x) x = 1 << LANGUAGE_##x

enum {
	BIT(FR), BIT(EN), BIT(DE), BIT(ES), BIT(IT), BIT(NL), BIT(PT),
	BIT(CA), BIT(RO), BIT(GL), BIT(DA), BIT(SV), BIT(NO), BIT(PL),
	BIT(AF), BIT(CS), BIT(SK), BIT(FI), BIT(HU), BIT(TR), BIT(ID),
	BIT(HR), BIT(EO), BIT(EU),
};

static const struct language_word a[] = {
	{ "a", FR | IT | PT | CA | RO | GL | CS | SK | HU | HR },
	{ "aan", NL | AF }, { "ab", DE }, { "aber", DE }, { "about", EN },
	{ "această", RO }, { "acest", RO }, { "acestea", RO }, { "acolo", RO },
	{ "ad", IT }, { "ada", ID }, { "adalah", ID }, { "ademais", GL },
	{ "af", DA }, { "afin", FR }, { "after", EN }, { "against", EN },
	{ "agli", IT }, { "agora", PT }, { "ahora", ES }, { "ai", IT },
	{ "aici", RO }, { "ainda", PT }, { "ainsi", FR }, { "així", CA },
	{ "això", CA }, { "aj", SK }, { "akan", ID }, { "ako", SK },
	{ "al", ES | IT | NL | CA | RO | EO }, { "alcune", IT },
	{ "alcuni", IT }, { "ale", RO | PL | CS | SK }, { "alebo", SK },
	{ "algo", ES }, { "algun", CA }, { "alguna", CA }, { "algunas", ES },
	{ "algunes", CA }, { "alguno", ES }, { "algunos", ES },
	{ "alguns", CA }, { "ali", HR }, { "all", EN }, { "all'", IT },
	{ "alla", IT | SV }, { "alle", DE | IT | NL | DA | NO },
	{ "allem", DE }, { "allen", DE }, { "aller", DE }, { "alles", DE },
	{ "allà", CA }, { "alors", FR }, { "als", DE | NL | CA },
	{ "also", EN }, { "alt", RO }, { "alte", RO }, { "altijd", NL },
	{ "altre", IT }, { "altres", CA }, { "altri", IT }, { "altro", IT },
	{ "am", DE | RO }, { "ama", TR }, { "amb", CA }, { "an", EN | DE },
	{ "anche", IT }, { "ancora", IT }, { "and", EN }, { "anda", ID },
	{ "andere", DE | NL }, { "anderen", DE }, { "andra", SV },
	{ "andre", DA | NO }, { "ankaŭ", EO }, { "anni", IT }, { "année", FR },
	{ "ano", PT }, { "anos", PT }, { "another", EN }, { "ans", FR },
	{ "antes", ES }, { "any", EN }, { "ao", PT | GL }, { "aos", PT | GL },
	{ "apenas", PT }, { "après", FR }, { "após", PT }, { "aquest", CA },
	{ "aquesta", CA }, { "aquestes", CA }, { "aquests", CA },
	{ "aquí", CA }, { "ar", RO }, { "are", EN },
	{ "as", EN | PT | GL | AF }, { "assim", PT }, { "así", ES },
	{ "at", EN | DA }, { "ata", GL }, { "atau", ID }, { "att", SV },
	{ "até", PT }, { "au", FR | RO }, { "auch", DE }, { "auf", DE },
	{ "aujourd'", FR }, { "aunque", ES }, { "aura", FR }, { "aus", DE },
	{ "aussi", FR }, { "autre", FR }, { "autres", FR }, { "aux", FR },
	{ "av", SV | NO }, { "avaient", FR }, { "avait", FR }, { "avant", FR },
	{ "avea", RO }, { "avec", FR }, { "aveva", IT }, { "avevano", IT },
	{ "avoir", FR }, { "avui", CA }, { "az", HU }, { "azt", HU },
	{ "año", ES }, { "años", ES }, { "aún", ES }, { "až", CS },
	{ "așa", RO },
};

static const struct language_word b[] = {
	{ "baie", AF }, { "baina", EU }, { "bajo", ES }, { "bara", SV },
	{ "bardzo", PL }, { "bare", NO }, { "bat", EU }, { "be", EN },
	{ "because", EN }, { "been", EN }, { "before", EN }, { "bei", DE },
	{ "beim", DE }, { "being", EN }, { "bene", IT }, { "between", EN },
	{ "bi", HR }, { "bien", FR }, { "bij", NL }, { "binnen", NL },
	{ "bio", HR }, { "bir", TR }, { "bis", DE }, { "bisa", ID },
	{ "biti", HR }, { "ble", NO }, { "blev", DA }, { "blir", SV | NO },
	{ "blive", DA }, { "bliver", DA }, { "bol", SK }, { "bolo", SK },
	{ "both", EN }, { "bu", TR }, { "bude", CS | SK }, { "buiten", NL },
	{ "but", EN }, { "by", EN | AF | CS | SK }, { "byl", CS },
	{ "bylo", CS }, { "być", PL }, { "był", PL }, { "była", PL },
	{ "było", PL },
};

static const struct language_word c[] = {
	{ "c'", FR | IT }, { "ca", RO }, { "cada", ES | PT | CA | GL },
	{ "cal", CA }, { "can", EN }, { "cando", GL }, { "car", FR },
	{ "care", RO }, { "caso", PT }, { "ce", FR | RO }, { "cea", RO },
	{ "cel", RO }, { "cela", FR }, { "celle", FR }, { "celui", FR },
	{ "ces", FR }, { "cette", FR }, { "ceux", FR }, { "chaque", FR },
	{ "che", IT }, { "chez", FR }, { "chi", IT }, { "ci", IT },
	{ "circa", IT }, { "co", PL }, { "com", PT | CA }, { "come", IT },
	{ "comme", FR }, { "como", ES | PT | GL }, { "con", ES | IT | GL },
	{ "contra", ES | PT }, { "contre", FR }, { "cosa", IT }, { "così", IT },
	{ "could", EN }, { "csak", HU }, { "cu", RO }, { "cual", ES },
	{ "cuales", ES }, { "cuando", ES }, { "cui", IT }, { "cun", GL },
	{ "cunha", GL }, { "czy", PL }, { "când", RO }, { "că", RO },
	{ "către", RO },
};

static const struct language_word d[] = {
	{ "d'", FR | IT | CA },
	{ "da", DE | IT | PT | GL | DA | NO | TR | HR | EU }, { "daar", AF },
	{ "daarbij", NL }, { "daarom", NL }, { "dabei", DE }, { "dacă", RO },
	{ "daha", TR }, { "daher", DE }, { "dai", IT }, { "dal", IT },
	{ "dalam", ID }, { "dall'", IT }, { "dalla", IT }, { "damit", DE },
	{ "dan", NL | ID }, { "dann", DE }, { "dans", FR }, { "dapat", ID },
	{ "dar", RO }, { "dari", ID }, { "das", DE | PT | GL }, { "dass", DE },
	{ "dat", NL | AF }, { "dazu", DE },
	{ "de",
	  FR | ES | NL | PT | CA | RO | GL | DA | SV | NO | HU | TR | EO },
	{ "debe", ES | GL }, { "deben", ES }, { "degli", IT }, { "dei", IT },
	{ "del", ES | IT | CA }, { "dele", PT }, { "dell'", IT },
	{ "della", IT }, { "delle", IT }, { "dels", CA }, { "dem", DE | DA },
	{ "den", DE | DA | SV | NO | EU }, { "dende", GL }, { "dengan", ID },
	{ "denn", DE }, { "denna", SV }, { "denne", DA | NO }, { "depois", PT },
	{ "depuis", FR }, { "der", DE | DA | NO }, { "deres", DA },
	{ "des", FR | DE }, { "desde", ES | PT }, { "despois", GL },
	{ "despre", RO }, { "després", CA }, { "después", ES }, { "dessa", PT },
	{ "desse", PT }, { "desta", PT }, { "deste", PT },
	{ "det", DA | SV | NO }, { "detta", SV }, { "dette", DA | NO },
	{ "deur", AF }, { "deux", FR }, { "deve", IT | PT }, { "devem", PT },
	{ "devono", IT }, { "deze", NL }, { "değil", TR }, { "di", IT | ID },
	{ "dicho", ES }, { "did", EN }, { "die", DE | NL | AF },
	{ "diese", DE }, { "dieser", DE }, { "dieses", DE }, { "din", RO },
	{ "dins", CA }, { "dintr", RO }, { "dira", EU }, { "disse", PT | DA },
	{ "dit", FR | NL }, { "diz", PT }, { "dla", PL },
	{ "do", EN | PT | GL | PL | CS | SK }, { "doar", RO }, { "doch", DE },
	{ "does", EN }, { "doesn'", EN }, { "dois", PT }, { "doit", FR },
	{ "doivent", FR }, { "don'", EN }, { "donc", FR }, { "doncs", CA },
	{ "donde", ES }, { "dont", FR }, { "door", NL }, { "dopo", IT },
	{ "dort", DE }, { "dos", ES | PT | GL }, { "dove", IT },
	{ "du", FR | EU }, { "due", IT }, { "dun", GL }, { "dunha", GL },
	{ "după", RO }, { "durante", ES }, { "durch", DE }, { "during", EN },
	{ "dus", NL }, { "dute", EU }, { "där", SV }, { "då", SV },
	{ "dès", FR }, { "déjà", FR }, { "dúas", GL },
};

static const struct language_word e[] = {
	{ "e", ES | IT | PT | GL }, { "each", EN }, { "ecco", IT },
	{ "echter", NL }, { "ed", IT }, { "een", NL }, { "eens", NL },
	{ "eerste", NL }, { "efter", DA | SV }, { "egin", EU }, { "egy", HU },
	{ "ei", RO | FI }, { "ein", DE }, { "eine", DE }, { "einem", DE },
	{ "einen", DE }, { "einer", DE }, { "eines", DE }, { "ek", AF },
	{ "el", ES | CA | HU | EO }, { "ela", PT }, { "ele", PT },
	{ "eles", PT }, { "elke", NL }, { "elle", FR },
	{ "eller", DA | SV | NO }, { "elles", FR }, { "els", CA }, { "em", PT },
	{ "en", FR | ES | NL | CA | GL | DA | SV | NO | AF | TR | EO },
	{ "encara", CA }, { "encore", FR }, { "enkele", NL }, { "ens", CA },
	{ "entre", FR | ES | PT | CA | GL }, { "então", PT },
	{ "er", DE | NL | DA | NO }, { "er's", NL }, { "era", ES | IT | PT },
	{ "erano", IT }, { "ere", EU }, { "es", DE | ES | CA }, { "esa", ES },
	{ "esas", ES }, { "ese", ES }, { "eso", ES }, { "esos", ES },
	{ "essa", IT | PT }, { "essas", PT }, { "esse", PT }, { "essere", IT },
	{ "esses", PT }, { "essi", IT }, { "esso", IT }, { "est", FR },
	{ "esta", ES | PT | GL }, { "estas", ES | PT | EO }, { "estat", CA },
	{ "este", ES | PT | RO | GL }, { "estes", PT }, { "esto", ES },
	{ "estos", ES }, { "está", ES | PT | GL }, { "están", ES },
	{ "estão", PT }, { "et", FR | DA | NO }, { "eta", EU }, { "ett", SV },
	{ "etter", NO }, { "että", FI }, { "etwa", DE }, { "etwas", DE },
	{ "eu", PT | GL }, { "euch", DE }, { "euer", DE }, { "every", EN },
	{ "ez", HU | EU }, { "ezt", HU },
};

static const struct language_word f[] = {
	{ "fa", IT }, { "facer", GL }, { "faire", FR }, { "fait", FR },
	{ "faut", FR }, { "fazer", PT }, { "fer", CA }, { "fet", CA },
	{ "few", EN }, { "fez", PT }, { "fi", RO }, { "fiecare", RO },
	{ "fins", CA }, { "first", EN }, { "foarte", RO }, { "foi", PT | GL },
	{ "for", EN | DA | NO }, { "foram", PT }, { "forma", ES },
	{ "foron", GL }, { "fost", RO }, { "fra", IT | DA | NO },
	{ "from", EN }, { "från", SV }, { "fue", ES }, { "fueron", ES },
	{ "för", SV }, { "für", DE },
};

static const struct language_word g[] = {
	{ "gaan", AF }, { "galego", GL }, { "geen", NL }, { "gegen", DE },
	{ "get", EN }, { "gibi", TR }, { "già", IT }, { "gli", IT },
};

static const struct language_word h[] = {
	{ "ha", ES | IT | CA | HU }, { "haar", NL | AF }, { "haben", DE },
	{ "había", ES }, { "hacer", ES }, { "hacia", ES }, { "had", EN | NL },
	{ "hadde", NO }, { "hade", SV }, { "hagi", CA }, { "hai", IT | GL },
	{ "han", ES | CA | DA | SV | NO }, { "hanno", IT },
	{ "har", DA | SV | NO }, { "has", EN }, { "hasta", ES }, { "hat", DE },
	{ "hatte", DE }, { "hau", EU }, { "havde", DA }, { "have", EN },
	{ "havia", PT | CA }, { "havien", CA }, { "hay", ES }, { "he", EN },
	{ "hebben", NL }, { "heeft", NL }, { "hem", NL | CA },
	{ "her", EN | TR }, { "here", EN }, { "het", NL | AF }, { "hi", CA },
	{ "hier", DE }, { "hierbij", NL }, { "hierdie", AF }, { "hij", NL },
	{ "hinter", DE }, { "his", EN }, { "ho", IT | CA }, { "hoe", NL },
	{ "hogy", HU }, { "hoje", PT }, { "how", EN }, { "hoy", ES },
	{ "hulle", AF }, { "hun", NL | DA | NO }, { "hur", SV }, { "hva", NO },
	{ "hvis", DA }, { "hvor", DA | NO }, { "hy", AF }, { "há", PT },
	{ "hän", FI }, { "hänen", FI },
};

static const struct language_word i[] = {
	{ "i", EN | IT | CA | DA | SV | NO | PL | CS | HR }, { "ich", DE | PL },
	{ "ici", FR }, { "ieder", NL }, { "iedere", NL }, { "if", EN },
	{ "ihm", DE }, { "ihn", DE }, { "ihnen", DE }, { "ihr", DE },
	{ "ihre", DE }, { "ihrem", DE }, { "ihren", DE }, { "ihrer", DE },
	{ "ik", NL }, { "ikke", DA | NO }, { "il", FR | IT }, { "ile", TR },
	{ "ili", HR }, { "ils", FR }, { "im", DE }, { "immer", DE },
	{ "immers", NL }, { "in", EN | IT | NL | AF }, { "infatti", IT },
	{ "inga", SV }, { "ini", ID }, { "inte", SV }, { "into", EN },
	{ "invece", IT }, { "io", IT }, { "is", EN | NL | AF | HU },
	{ "ise", TR }, { "isso", PT }, { "ist", DE }, { "isto", PT | GL },
	{ "it", EN }, { "it'", EN }, { "its", EN }, { "itu", ID }, { "iz", HR },
	{ "izan", EU }, { "için", TR },
};

static const struct language_word j[] = {
	{ "j'", FR }, { "ja", DE | CA | FI }, { "jaar", NL }, { "jag", SV },
	{ "jak", PL }, { "jako", PL | CS }, { "jamais", FR },
	{ "je", FR | NL | CS | SK | HR }, { "jede", DE }, { "jeden", DE },
	{ "jeder", DE }, { "jedes", DE }, { "jedoch", DE }, { "jeg", DA | NO },
	{ "jego", PL }, { "jeho", CS | SK }, { "jej", PL }, { "jen", CS },
	{ "jest", PL }, { "jetzt", DE }, { "jij", NL }, { "jo", FI },
	{ "joita", FI }, { "joka", FI }, { "jos", FI }, { "jotka", FI },
	{ "jou", AF }, { "jour", FR }, { "još", HR }, { "jsou", CS },
	{ "juga", ID }, { "julle", AF }, { "jusqu'", FR }, { "just", EN },
	{ "już", PL }, { "já", PT },
};

static const struct language_word k[] = {
	{ "k", CS | SK }, { "kadar", TR }, { "kaj", EO }, { "kami", ID },
	{ "kan", NL | DA | SV | NO | AF }, { "kann", DE }, { "kao", HR },
	{ "karena", ID }, { "ke", ID | EO }, { "kein", DE }, { "keine", DE },
	{ "kell", HU }, { "ki", HU }, { "kiedy", PL }, { "kiu", EO },
	{ "koja", HR }, { "koje", HR }, { "koji", HR }, { "kommer", SV | NO },
	{ "která", CS }, { "které", CS }, { "který", CS }, { "ktorá", SK },
	{ "ktoré", SK }, { "ktorý", SK }, { "która", PL }, { "które", PL },
	{ "który", PL }, { "kuin", FI }, { "kun", FI | EO }, { "kunne", DA },
	{ "kunnen", NL }, { "können", DE }, { "könnte", DE },
};

static const struct language_word l[] = {
	{ "l'", FR | IT | CA }, { "la", FR | ES | IT | CA | RO | EO },
	{ "las", ES }, { "last", EN }, { "le", FR | ES | IT },
	{ "les", FR | ES | CA }, { "lesz", HU }, { "leur", FR },
	{ "leurs", FR }, { "lhe", PT }, { "li", EO }, { "like", EN },
	{ "lo", ES | IT }, { "lor", RO }, { "loro", IT }, { "lors", FR },
	{ "lorsqu'", FR }, { "los", ES }, { "lub", PL }, { "luego", ES },
	{ "lui", FR | RO }, { "là", FR },
};

static const struct language_word m[] = {
	{ "m'", FR }, { "ma", FR | IT | PL }, { "maar", NL | AF },
	{ "made", EN }, { "mai", CA | RO }, { "mais", FR | PT }, { "majd", HU },
	{ "make", EN }, { "man", DE | SV }, { "many", EN }, { "mas", PT },
	{ "mateix", CA }, { "may", EN }, { "mayor", ES }, { "me", EN | ES },
	{ "med", DA | SV | NO }, { "meer", NL }, { "meest", NL }, { "meg", HU },
	{ "meget", DA }, { "mehr", DE }, { "mein", DE }, { "mejor", ES },
	{ "men", DA | SV | NO }, { "menos", ES }, { "mentre", IT },
	{ "mer", SV | NO }, { "mere", DA }, { "mereka", ID }, { "mes", FR },
	{ "mesmo", PT | GL }, { "met", NL | AF }, { "meu", PT },
	{ "mi", ES | IT | TR | EO }, { "mich", DE }, { "mientras", ES },
	{ "mijn", NL }, { "minden", HU }, { "minha", PT }, { "mint", HU },
	{ "misma", ES }, { "mismo", ES }, { "mit", DE }, { "mitä", FI },
	{ "mod", DA }, { "moet", NL | AF }, { "moeten", NL }, { "mogen", NL },
	{ "moi", FR | GL }, { "moins", FR }, { "mois", FR }, { "molt", CA },
	{ "molte", IT }, { "molti", IT }, { "molto", IT }, { "mon", FR },
	{ "more", EN }, { "most", EN }, { "mot", SV | NO }, { "może", PL },
	{ "much", EN }, { "muchas", ES }, { "muchos", ES }, { "muitas", PT },
	{ "muito", PT }, { "muitos", PT }, { "mukaan", FI }, { "muss", DE },
	{ "mutta", FI }, { "muy", ES }, { "my", EN }, { "mycket", SV },
	{ "mye", NO }, { "myös", FI }, { "máis", GL }, { "már", HU },
	{ "más", ES }, { "még", HU }, { "més", CA }, { "même", FR },
	{ "môže", SK }, { "může", CS },
};

static const struct language_word n[] = {
	{ "n", AF }, { "n'", FR | CA },
	{ "na", NL | PT | GL | PL | AF | CS | SK | HR }, { "naar", NL },
	{ "nach", DE }, { "nad", PL }, { "nakon", HR }, { "nas", PT | GL },
	{ "ne", FR | TR | HR | EO }, { "neben", DE }, { "nebo", CS },
	{ "nei", IT }, { "nel", IT }, { "nell'", IT }, { "nella", IT },
	{ "nelle", IT }, { "nem", PT | HU }, { "není", CS }, { "nessa", PT },
	{ "nesse", PT }, { "nesta", PT }, { "neste", PT }, { "new", EN },
	{ "ni", FR | ES | CA }, { "nicht", DE }, { "nie", PL | AF | SK },
	{ "niet", NL }, { "niin", FI }, { "nin", GL },
	{ "no", EN | ES | PT | CA | GL }, { "noch", DE }, { "noe", NO },
	{ "noen", NO }, { "nog", NL | AF }, { "noi", IT }, { "només", CA },
	{ "non", FR | IT | GL }, { "nos", ES | PT | GL }, { "nossa", PT },
	{ "nosso", PT }, { "nostra", IT | CA }, { "nostre", CA },
	{ "nostro", IT }, { "not", EN }, { "notre", FR }, { "nous", FR },
	{ "now", EN }, { "nu", NL | RO | DA | SV }, { "nuestra", ES },
	{ "nuestro", ES }, { "num", PT }, { "numa", PT }, { "numai", RO },
	{ "nun", DE | GL }, { "nunha", GL }, { "nur", DE }, { "nyt", FI },
	{ "não", PT }, { "när", SV }, { "nå", NO }, { "når", DA | NO },
	{ "nós", PT },
};

static const struct language_word o[] = {
	{ "o", ES | IT | PT | CA | RO | GL | PL | CS | SK | TR | HR },
	{ "ob", DE }, { "och", SV }, { "också", SV },
	{ "od", PL | CS | SK | HR }, { "oder", DE }, { "of", EN | NL | AF },
	{ "off", EN }, { "og", DA | NO }, { "oggi", IT }, { "ogni", IT },
	{ "også", DA | NO }, { "ohne", DE }, { "olan", TR }, { "olarak", TR },
	{ "olduğu", TR }, { "ole", FI }, { "oleh", ID }, { "oli", FI },
	{ "olla", FI }, { "oltre", IT }, { "olyan", HU },
	{ "om", NL | DA | SV | NO | AF }, { "omdat", NL },
	{ "on", FR | EN | CA | FI }, { "onde", PT | GL }, { "onder", NL },
	{ "one", EN }, { "oni", EO }, { "only", EN }, { "ons", NL | AF },
	{ "ont", FR }, { "onze", NL }, { "ook", NL | AF },
	{ "op", NL | DA | AF }, { "opp", NO }, { "or", EN }, { "ora", IT },
	{ "oraz", PL }, { "ori", RO }, { "os", PT | GL }, { "other", EN },
	{ "otra", ES }, { "otras", ES }, { "otro", ES }, { "otros", ES },
	{ "ou", FR | PT | GL }, { "our", EN }, { "out", EN }, { "outra", PT },
	{ "outras", PT }, { "outro", PT }, { "outros", PT }, { "ovat", FI },
	{ "over", EN | NL | DA | NO }, { "own", EN }, { "où", FR },
};

static const struct language_word p[] = {
	{ "pada", ID }, { "par", FR }, { "para", ES | PT | GL },
	{ "parce", FR }, { "part", FR }, { "parte", ES }, { "pas", FR },
	{ "pe", RO }, { "pel", CA }, { "pela", PT }, { "pelas", PT },
	{ "pelo", PT }, { "pelos", PT }, { "pels", CA }, { "pendant", FR },
	{ "pentru", RO }, { "per", EN | IT | NL | CA }, { "perché", IT },
	{ "permet", FR }, { "pero", ES | GL }, { "perquè", CA },
	{ "però", IT | CA }, { "peut", FR }, { "peuvent", FR }, { "più", IT },
	{ "pli", EO }, { "plus", FR }, { "po", PL | CS | SK | HR },
	{ "pod", PL }, { "pode", PT | GL }, { "podem", PT }, { "poden", GL },
	{ "podeu", CA }, { "podle", CS }, { "podľa", SK }, { "poi", IT },
	{ "pois", PT }, { "pokud", CS }, { "pola", GL }, { "polas", GL },
	{ "polo", GL }, { "polos", GL }, { "por", ES | PT | GL | EO },
	{ "porque", ES }, { "possono", IT }, { "pot", CA }, { "pour", FR },
	{ "pre", SK }, { "presso", IT }, { "pri", SK | EO }, { "prima", IT },
	{ "prin", RO }, { "pro", CS }, { "proprio", IT }, { "przed", PL },
	{ "przez", PL }, { "przy", PL }, { "près", FR }, { "puede", ES },
	{ "pueden", ES }, { "pues", ES }, { "puido", GL }, { "puis", FR },
	{ "può", IT }, { "på", DA | SV | NO }, { "při", CS },
};

static const struct language_word q[] = {
	{ "qu'", FR }, { "quais", PT }, { "qual", PT }, { "qualche", IT },
	{ "qualquer", PT }, { "quan", CA }, { "quand", FR },
	{ "quando", IT | PT }, { "que", FR | ES | PT | CA | GL },
	{ "quello", IT }, { "quelques", FR }, { "quem", PT }, { "questa", IT },
	{ "queste", IT }, { "questi", IT }, { "questo", IT },
	{ "qui", FR | IT }, { "quindi", IT }, { "què", CA },
};

static const struct language_word r[] = {
	{ "res", CA }, { "rien", FR }, { "roku", PL },
};

static const struct language_word s[] = {
	{ "s", CS | SK | HR }, { "s'", FR | CA }, { "sa", FR | SK },
	{ "said", EN }, { "sal", AF }, { "same", EN }, { "samo", HR },
	{ "sans", FR }, { "sarà", IT }, { "sau", RO }, { "saya", ID },
	{ "says", EN }, { "schon", DE },
	{ "se", FR | ES | IT | PT | CA | RO | GL | CS | FI | HR },
	{ "sebagai", ID }, { "sed", EO }, { "see", EN }, { "seg", NO },
	{ "segundo", PT }, { "según", ES }, { "sehr", DE }, { "sei", DE },
	{ "sein", DE }, { "seine", DE }, { "seinen", DE }, { "seiner", DE },
	{ "seit", DE }, { "sekä", FI }, { "selbst", DE }, { "selon", FR },
	{ "sem", PT }, { "sempre", IT | PT | GL }, { "sen", GL | FI },
	{ "sendo", PT }, { "sense", CA }, { "senza", IT },
	{ "ser", ES | PT | CA | GL }, { "sera", FR }, { "serait", FR },
	{ "seront", FR }, { "será", ES }, { "sería", ES }, { "ses", FR },
	{ "seu", PT | CA | GL }, { "seus", PT }, { "seva", CA },
	{ "several", EN }, { "she", EN }, { "should", EN },
	{ "si", FR | ES | IT }, { "sia", IT }, { "siamo", IT }, { "sich", DE },
	{ "sido", ES }, { "sie", DE }, { "siempre", ES }, { "sier", NO },
	{ "sig", DA | SV }, { "sigui", CA }, { "sin", ES | SV }, { "sina", SV },
	{ "since", EN }, { "sind", DE }, { "sitä", FI }, { "się", PL },
	{ "ska", SV }, { "skal", DA | NO }, { "skulle", SV | NO },
	{ "so", EN | DE }, { "sobre", ES | PT | CA | GL }, { "soit", FR },
	{ "soll", DE }, { "sollen", DE }, { "solo", ES | IT },
	{ "som", DA | SV | NO }, { "some", EN }, { "soms", NL },
	{ "son", FR | ES | GL }, { "sondern", DE }, { "sono", IT },
	{ "sonra", TR }, { "sonst", DE }, { "sont", FR }, { "sous", FR },
	{ "sowie", DE }, { "stata", IT }, { "state", IT }, { "stati", IT },
	{ "stato", IT }, { "statt", DE }, { "steeds", NL },
	{ "su", ES | IT | HR }, { "sua", IT | PT }, { "suas", PT },
	{ "such", EN }, { "sul", IT }, { "sull'", IT }, { "sulla", IT },
	{ "sunt", RO }, { "suo", IT }, { "sur", FR }, { "sus", ES },
	{ "sve", HR }, { "sy", AF }, { "szerint", HU }, { "são", PT },
	{ "så", DA | SV | NO }, { "só", PT | GL }, { "sólo", ES },
	{ "són", CA }, { "sú", SK }, { "súa", GL }, { "să", RO }, { "są", PL },
};

static const struct language_word t[] = {
	{ "ta", FR }, { "tai", FI }, { "tak", PL | CS | SK }, { "také", CS },
	{ "także", PL }, { "tale", IT }, { "tali", IT }, { "también", ES },
	{ "també", CA }, { "também", PT }, { "tamén", GL }, { "tan", ES },
	{ "te", NL | AF }, { "tegen", NL }, { "tego", PL }, { "telah", ID },
	{ "tem", PT }, { "ten", GL }, { "tenir", CA }, { "tento", SK },
	{ "ter", PT }, { "teva", CA }, { "teve", PT }, { "też", PL },
	{ "than", EN }, { "that", EN }, { "that'", EN }, { "the", EN },
	{ "their", EN }, { "them", EN }, { "then", EN }, { "there", EN },
	{ "these", EN }, { "they", EN }, { "this", EN }, { "those", EN },
	{ "through", EN }, { "tidak", ID }, { "tiene", ES }, { "tienen", ES },
	{ "tijdens", NL }, { "til", DA | NO }, { "till", SV }, { "tiu", EO },
	{ "to", EN | NO | PL | CS | SK | HR }, { "toate", RO }, { "toch", NL },
	{ "today", EN }, { "todo", ES | PT }, { "todos", ES | PT },
	{ "toen", NL }, { "toi", FR }, { "told", EN }, { "ton", FR },
	{ "tot", NL | CA | RO | AF }, { "tots", CA }, { "toujours", FR },
	{ "tous", FR }, { "tout", FR }, { "toute", FR }, { "toutes", FR },
	{ "toți", RO }, { "tra", IT }, { "trois", FR }, { "très", FR },
	{ "tussen", NL }, { "tuttavia", IT }, { "tutti", IT }, { "tutto", IT },
	{ "två", SV }, { "twee", NL }, { "two", EN }, { "tylko", PL },
	{ "tym", PL }, { "tämä", FI }, { "tämän", FI },
};

static const struct language_word u[] = {
	{ "u", NL | HR }, { "ud", DA }, { "uit", NL | AF }, { "ul", RO },
	{ "um", DE | PT }, { "uma", PT }, { "un", FR | ES | IT | CA | RO | GL },
	{ "un'", IT }, { "una", ES | IT | CA }, { "unas", ES }, { "und", DE },
	{ "under", EN | SV | NO }, { "une", FR }, { "unei", RO },
	{ "unha", GL }, { "unhas", GL }, { "uno", ES | IT }, { "unos", ES },
	{ "uns", DE | GL }, { "unser", DE }, { "unter", DE }, { "until", EN },
	{ "untuk", ID }, { "unui", RO }, { "up", EN }, { "upon", EN },
	{ "upp", SV }, { "us", EN | CA }, { "usar", PT }, { "use", EN },
	{ "used", EN }, { "using", EN }, { "usted", ES }, { "ustedes", ES },
	{ "utan", SV }, { "uten", NO }, { "után", HU }, { "uw", NL },
	{ "už", CS | SK },
};

static const struct language_word v[] = {
	{ "v", CS | SK }, { "va", CA | RO }, { "vaak", NL }, { "vad", SV },
	{ "vagy", HU }, { "vai", PT }, { "vain", FI }, { "vam", CA },
	{ "van", NL | CA | AF | HU }, { "vanaf", NL },
	{ "var", DA | SV | NO | TR }, { "vara", SV }, { "varias", ES },
	{ "varios", ES }, { "ve", CS | TR }, { "ved", DA | NO }, { "veel", NL },
	{ "vers", FR }, { "verso", IT }, { "very", EN }, { "vez", ES },
	{ "vi", DA | NO }, { "via", NL }, { "vid", SV }, { "viel", DE },
	{ "viele", DE }, { "vielen", DE }, { "vil", DA }, { "vir", AF },
	{ "vo", SK }, { "você", PT }, { "voi", FI }, { "volgens", NL },
	{ "volt", HU }, { "vom", DE | RO }, { "von", DE }, { "voor", NL },
	{ "vooral", NL }, { "vor", DE }, { "vostede", GL }, { "vostro", IT },
	{ "vostè", CA }, { "votre", FR }, { "vous", FR }, { "várias", PT },
	{ "vários", PT }, { "vão", PT }, { "være", DA | NO },
};

static const struct language_word w[] = {
	{ "w", PL }, { "waar", NL }, { "waarin", NL }, { "waarop", NL },
	{ "war", DE }, { "waren", DE | NL }, { "was", EN | DE | NL | AF },
	{ "wat", NL | AF }, { "we", EN | NL }, { "week", EN }, { "wees", AF },
	{ "wegen", DE }, { "weil", DE }, { "weitere", DE }, { "wel", NL },
	{ "welche", DE }, { "welke", NL }, { "wenn", DE }, { "werd", NL },
	{ "werden", DE }, { "were", EN }, { "what", EN }, { "when", EN },
	{ "where", EN }, { "whether", EN }, { "which", EN }, { "while", EN },
	{ "who", EN }, { "wie", DE | NL }, { "wieder", DE },
	{ "will", EN | DE }, { "wir", DE }, { "wird", DE }, { "with", EN },
	{ "within", EN }, { "without", EN }, { "więc", PL }, { "wo", DE },
	{ "wollen", DE }, { "word", AF }, { "worden", DE | NL },
	{ "wordt", NL }, { "would", EN }, { "wurde", DE }, { "wurden", DE },
	{ "würde", DE },
};

static const struct language_word x[] = {
	{ "xa", GL }, { "xunta", GL },
};

static const struct language_word y[] = {
	{ "y", FR | ES }, { "ya", ES | TR }, { "yang", ID }, { "year", EN },
	{ "years", EN }, { "yet", EN }, { "yo", ES }, { "you", EN },
	{ "your", EN },
};

static const struct language_word z[] = {
	{ "z", PL | CS | SK }, { "za", PL | CS | SK | HR }, { "zal", NL },
	{ "ze", NL | PL | CS }, { "zelf", NL }, { "zich", NL }, { "zijn", NL },
	{ "zo", NL | SK }, { "zoals", NL }, { "zonder", NL }, { "zou", NL },
	{ "zu", DE }, { "zuen", EU }, { "zum", DE }, { "zur", DE },
	{ "zwei", DE }, { "zwischen", DE },
};

static const struct language_word xc3[] = {
	{ "à", FR | PT }, { "às", PT }, { "á", GL }, { "ás", GL }, { "är", SV },
	{ "å", NO }, { "år", SV | NO }, { "çok", TR }, { "è", IT },
	{ "é", PT | GL }, { "él", ES }, { "és", CA | HU }, { "étaient", FR },
	{ "était", FR }, { "été", FR }, { "être", FR }, { "így", HU },
	{ "în", RO }, { "într", RO }, { "între", RO }, { "över", SV },
	{ "über", DE },
};

static const struct language_word xc4[] = {
	{ "će", HR }, { "ĉe", EO }, { "ĉi", EO }, { "ĝi", EO },
};

static const struct language_word xc5[] = {
	{ "što", HR }, { "że", PL }, { "že", CS | SK },
};

static const struct language_word xc8[] = {
	{ "și", RO },
};

#define WORDS(byte, v) [byte] = { v, sizeof(v) / sizeof(*(v)) }

const struct language_words language_words[256] = {
	WORDS('a', a), WORDS('b', b), WORDS('c', c),
	WORDS('d', d), WORDS('e', e), WORDS('f', f), WORDS('g', g),
	WORDS('h', h), WORDS('i', i), WORDS('j', j), WORDS('k', k),
	WORDS('l', l), WORDS('m', m), WORDS('n', n), WORDS('o', o),
	WORDS('p', p), WORDS('q', q), WORDS('r', r), WORDS('s', s),
	WORDS('t', t), WORDS('u', u), WORDS('v', v), WORDS('w', w),
	WORDS('x', x), WORDS('y', y), WORDS('z', z), WORDS(0xC3, xc3),
	WORDS(0xC4, xc4), WORDS(0xC5, xc5), WORDS(0xC8, xc8),
};
