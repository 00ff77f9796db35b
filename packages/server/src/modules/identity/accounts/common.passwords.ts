/**
 * Words that stand at the top of every published count of stolen passwords, in small letters. They are refused alone,
 * with a few digits or signs around them, and with digits in the place of letters (`p4ssw0rd!`). What is a row of
 * keys, a row of digits or a repetition needs no entry: see password.rules.ts.
 */
const words = `
  password passwort passw password1 mypassword thepassword passwordpassword passpass passphrase
  motdepasse contrasena contraseña senha wachtwoord haslo parola salasana lozinka
  admin administrator root superuser sysadmin webmaster moderator owner user username guest test tester testing
  testtest temp temporary default changeme changeit letmein letmeinnow welcome welcometo login signin access secret
  topsecret private master masterkey system server computer internet security qwerty qwertz azerty asdf zxcv
  iloveyou iloveu ilovehim iloveher ilovegod ilovemyself loveyou lovely lovelove loveme lover love mylove forever
  trustno1 whatever nothing something anything letitbe blink182 ncc1701 thx1138 1q2w3e4r 1q2w3e4r5t 1q2w3e q1w2e3r4
  q1w2e3r4t5 qweasdzxc a1b2c3d4 a1b2c3 aa123456 a123456789 abc abcd abc123 abcd1234 abc12345 pass pass1234
  sunshine moonlight rainbow princess prince queen king kingdom angel angels babygirl babyboy babydoll baby sweetie
  sweetheart beautiful gorgeous handsome honey sugar cookie chocolate cheese banana orange apple strawberry cherry
  pepper ginger butter coffee cupcake candy vanilla peanut pumpkin
  football baseball basketball softball volleyball hockey soccer tennis golf golfer rugby liverpool arsenal chelsea
  barcelona realmadrid juventus manchester everton rangers lakers yankees cowboys steelers packers eagles redsox
  monkey dragon tiger tigger lion panther jaguar falcon phoenix eagle wolf wolves bear bulldog puppy kitty kitten
  butterfly dolphin dolphins elephant penguin horses chicken turtle spider snake shark
  superman batman spiderman ironman wolverine starwars startrek pokemon pikachu naruto hellokitty minecraft fortnite
  roblox nintendo playstation xbox zelda mario sonic matrix hunter killer warrior ninja samurai pirate wizard magic
  merlin shadow ghost demon devil angel1 lucifer heaven
  michael jennifer jessica michelle ashley amanda daniel anthony andrew joshua matthew jordan thomas robert william
  charlie george nicole samantha alexander alexandra elizabeth christian christopher victoria stephanie patrick
  maggie buster harley ranger thunder diamond silver golden summer winter spring autumn flower flowers purple yellow
  freedom liberty america american london berlin paris mustang ferrari porsche mercedes corvette camaro yamaha
  jesus christ jesuschrist blessed bless believe faith hope
  google facebook instagram twitter youtube twitch discord linkedin myspace samsung microsoft windows apple123
  hello helloworld hellohello goodbye please thankyou happy smile friends friend family mother father
  monday tuesday wednesday thursday friday saturday sunday january february march april june july august september
  october november december
  fuckyou fuckoff asshole bitch pussy sexy hottie biteme bullshit
  money dollar million rich poker lucky winner champion superstar rockstar rockyou metallica nirvana slipknot eminem
  streamer streaming livestream
`;

/** Very common passwords, and the words that they are made of. */
export const commonWords: ReadonlySet<string> = new Set(words.trim().split(/\s+/));

/** Shorter ones are refused for their length. */
const shortest = 8;

let stolen: Promise<ReadonlySet<string>> | undefined;

/**
 * The passwords of at least 8 characters among the 49,000 that stolen collections hold most often,
 * in small letters: about 18,000. Read when a password is first set, since it takes some 10 ms and 3 MB.
 */
export function stolenPasswords(): Promise<ReadonlySet<string>> {
  stolen ??= import("@zxcvbn-ts/language-common/src/passwords.json", { with: { type: "json" } }).then(
    ({ default: all }) => new Set(all.filter(({ length }) => length >= shortest)),
  );
  return stolen;
}
