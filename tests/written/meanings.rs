//! The trees that the snippets stand for.

/// What each snippet says, one line per statement, formulas in prefix form; checked by hand against the language notes.
pub const MEANINGS: [(&str, &str); 28] = [
    (
        "s01",
        r#"S1 -> S2; (Times k1 S1)
S1 = 10
k1 = 0.1"#,
    ),
    (
        "s02",
        r#"bind: IR + 2 Ins => IRIns2; (Times kon IR (Power Ins 2))"#,
    ),
    (
        "s03",
        r#"syn:  -> GLUT4; ks
deg: GLUT4 -> ; (Times kd GLUT4)"#,
    ),
    (
        "s04",
        r#"declare Species Akt
trans: GSV -> GLUT4pm; (Times k GSV Akt)"#,
    ),
    ("s05", r#"trans: GSV -> GLUT4pm; (Times k GSV Akt)"#),
    (
        "s06",
        r#"J0: IRS1 -> pIRS1; (Divide (Times k IRS1 IR) (Plus 1 JNK))
declare Species IR, JNK
i1: JNK Inhibits J0
i2: IR Activates J0
i3: X Influences J0"#,
    ),
    (
        "s07",
        r#"declare Compartment plasma = 3, cell in plasma = 1.2
declare Species G in plasma = 5, $O2 in cell
up: G -> ; (Times k G O2)"#,
    ),
    (
        "s08",
        r#"declare Compartment c = 2
declare substanceOnly Species Q in c = 4
declare Species R in c = 4
declare Species T in c
T = (Divide 4 c)"#,
    ),
    (
        "s09",
        r#"a = 1
b = (Times 2 a)
c := (Plus b Time)
w = 3
w '= (Negate w)"#,
    ),
    (
        "s10",
        r#"declare Species $Ins
Ins := (Plus 60 (Times 20 (Trig(Sin) (Divide (Times 2 Pi Time) 13))))
up: G -> ; (Times k G Ins)
declare Species X
X = 1
X '= (Times 0.1 (Minus Ins X))"#,
    ),
    (
        "s11",
        r#"meal := (Piecewise (Divide 75 30) (And (GreaterEqual Time 480) (Less Time 510)) 0)"#,
    ),
    (
        "s12",
        r#"E1: at 2 after (Greater G 7), priority 1, persistent False, t0 False, fromTrigger False: pump = 0, n = (Plus n 1)
G = 5
pump = 1
n = 0"#,
    ),
    (
        "s13",
        r#"at (GreaterEqual Time 480): dose = 75
dose = 0"#,
    ),
    (
        "s14",
        r#"function hill(x, K, n) (Divide (Power x n) (Plus (Power K n) (Power x n)))
model *m()
  y := (hill Time 3 2)"#,
    ),
    (
        "s15",
        r#"model cell(G, k)
  up: G -> G6P; (Times k G)
  k = 0.5
  G = 2
model *body()
  liver: cell(glc, k1)
  muscle: cell(glc)
  glc = 5
  k1 = 0.1
  muscle.k = 0.9"#,
    ),
    (
        "s16",
        r#"model cell()
  up: G -> ; (Times k G)
  G = 2
  k = 1
model *two()
  A: cell()
  B: cell()
  A.G is B.G
  A.k is kk"#,
    ),
    (
        "s17",
        r#"model m()
  x = 1
  x '= (Negate x)
  J: S -> ; x
model *n()
  A: m(), time 60
  B: m()
  delete A.J
  B.x '= nothing"#,
    ),
    (
        "s18",
        r#"unit mM = (Divide 0.001[mole] litre)
unit per_min = (Divide 1 60[second])
unit time_unit = 60[second]
G = 5[mM]
k has per_min
k = 0.1"#,
    ),
    (
        "s19",
        r#"unit mM = (Divide 0.001[mole] litre)
declare Species G = 5[mM]
declare substanceOnly Species Q = 3[mole]"#,
    ),
    (
        "s20",
        r#"Akt named "protein kinase B"
Akt notes "phosphorylated at both sites"
Akt = 1"#,
    ),
    (
        "s21",
        r#"declare Species Glc
Glc identity "urn:miriam:obo.chebi:CHEBI%3A17234"
Glc.sboTerm set <SBO:0000247>"#,
    ),
    (
        "s22",
        r#"model m()
  a = 1
  model created "2026-01-01T00:00:00Z"
  model creator1.name "Ada Example"
  model notes "demo"
m named "First model"
m taxon "urn:miriam:taxonomy:9606""#,
    ),
    (
        "s23",
        r#"n*A -> B; k
n = 3"#,
    ),
    (
        "s24",
        r#"0 = (Minus (Plus x y) 3)
declare var x
x = 1
y = 2"#,
    ),
    (
        "s25",
        r#"G = 5
constraint : (Greater G 0)"#,
    ),
    (
        "s26",
        r#"k = (Draw(LogNormal) 0 0.2)
Vmax = 3
Vmax.mean set 3
Vmax.stdev set 0.4
Vmax.range set {1, 6}"#,
    ),
    (
        "s27",
        r#"a = 2
b = 3
x := (Minus (Plus (Negate (Power a 2)) (Power a (Power b 2))) (Divide (Divide b a) b))
y := (And (Or (Not (Greater a 1)) (Equal b 3)) (NotEqual a 4))
z := (Plus (Remainder 7 3) (Ln 100) (Log10 100))"#,
    ),
    (
        "s28",
        r#"declare Compartment c1 = 2
J0 in c1: A -> B; (Times k A)"#,
    ),
];
