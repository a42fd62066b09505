//! Small Antimony texts, one per construct of the language.

/// Name and text; the names are those of the language reference.
pub const SNIPPETS: [(&str, &str); 28] = [
    (
        "s01",
        r#"S1 -> S2; k1*S1
S1 = 10; k1 = 0.1
"#,
    ),
    (
        "s02",
        r#"bind: IR + 2 Ins => IRIns2; kon*IR*Ins^2
"#,
    ),
    (
        "s03",
        r#"syn: -> GLUT4; ks
deg: GLUT4 -> ; kd*GLUT4
"#,
    ),
    (
        "s04",
        r#"species Akt
trans: GSV -> GLUT4pm; k*GSV*Akt
"#,
    ),
    (
        "s05",
        r#"trans: GSV -> GLUT4pm; k*GSV*Akt
"#,
    ),
    (
        "s06",
        r#"J0: IRS1 -> pIRS1; k*IRS1*IR/(1 + JNK)
species IR, JNK
i1: JNK -| J0;
i2: IR -o J0;
i3: X -( J0;
"#,
    ),
    (
        "s07",
        r#"compartment plasma = 3, cell in plasma = 1.2
species G in plasma = 5, $O2 in cell
up: G -> ; k*G*O2
"#,
    ),
    (
        "s08",
        r#"compartment c = 2
substanceOnly species Q in c = 4
species R in c = 4
species T in c; T = 4/c
"#,
    ),
    (
        "s09",
        r#"a = 1; b = 2*a; c := b + time; w = 3; w' = -w
"#,
    ),
    (
        "s10",
        r#"species $Ins; Ins := 60 + 20*sin(2*pi*time/13)
up: G -> ; k*G*Ins
species X; X = 1; X' = 0.1*(Ins - X)
"#,
    ),
    (
        "s11",
        r#"meal := piecewise(75/30, (time >= 480) && (time < 510), 0)
"#,
    ),
    (
        "s12",
        r#"E1: at 2 after G > 7, priority = 1, persistent = false, t0 = false, fromTrigger = false: pump = 0, n = n + 1
G = 5; pump = 1; n = 0
"#,
    ),
    (
        "s13",
        r#"at time >= 480: dose = 75
dose = 0
"#,
    ),
    (
        "s14",
        r#"function hill(x, K, n)
  x^n/(K^n + x^n)
end
model *m
  y := hill(time, 3, 2)
end
"#,
    ),
    (
        "s15",
        r#"model cell(G, k)
  up: G -> G6P; k*G
  k = 0.5; G = 2
end
model *body()
  liver: cell(glc, k1)
  muscle: cell(glc)
  glc = 5; k1 = 0.1; muscle.k = 0.9
end
"#,
    ),
    (
        "s16",
        r#"model cell()
  up: G -> ; k*G
  G = 2; k = 1
end
model *two()
  A: cell(); B: cell()
  A.G is B.G
  A.k is kk
end
"#,
    ),
    (
        "s17",
        r#"model m()
  x = 1; x' = -x
  J: S -> ; x
end
model *n()
  A: m(), timeconv = 60
  B: m()
  delete A.J
  B.x' = ;
end
"#,
    ),
    (
        "s18",
        r#"unit mM = 1e-3 mole/litre
unit per_min = 1/(60 second)
unit time_unit = 60 second
G = 5 mM; k has per_min; k = 0.1
"#,
    ),
    (
        "s19",
        r#"unit mM = 1e-3 mole/litre
species G = 5 mM
substanceOnly species Q = 3 mole
"#,
    ),
    (
        "s20",
        r#"Akt is "protein kinase B"
Akt notes "Active, phosphorylated pool"
Akt = 1
"#,
    ),
    (
        "s21",
        r#"species Glc
Glc identity "urn:miriam:obo.chebi:CHEBI%3A17234"
Glc.sboTerm = SBO:0000247
"#,
    ),
    (
        "s22",
        r#"model m()
  a = 1
  model created "2026-01-01T00:00:00Z"
  model creator1.name "A. Teacher"
  model notes "demo"
end
m is "Lesson 1"
m taxon "urn:miriam:taxonomy:9606"
"#,
    ),
    (
        "s23",
        r#"n A -> B; k
n = 3
"#,
    ),
    (
        "s24",
        r#"0 = x + y - 3
var x; x = 1; y = 2
"#,
    ),
    (
        "s25",
        r#"G = 5
constraint: G > 0
"#,
    ),
    (
        "s26",
        r#"k = lognormal(0, 0.2)
Vmax = 3
Vmax.mean = 3; Vmax.stdev = 0.4; Vmax.range = {1, 6}
"#,
    ),
    (
        "s27",
        r#"a = 2; b = 3
x := -a^2 + a^b^2 - b/a/b
y := !(a > 1) || b == 3 && a != 4
z := 7 % 3 + log(100) + log10(100)
"#,
    ),
    (
        "s28",
        r#"compartment c1 = 2
J0 in c1: A -> B; k*A
"#,
    ),
];
