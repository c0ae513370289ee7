/** One product of the demo shop; its variants are the values of its one option. */
export interface DemoProduct {
  readonly name: string;
  readonly description: string;
  /** What its variants differ in; null where there is only one. */
  readonly option: string | null;
  readonly variants: readonly DemoVariant[];
}

interface DemoVariant {
  readonly sku: string;
  /** Value of the option; the product's name where there is none. */
  readonly name: string;
  /** In cents of EUR. */
  readonly price: number;
  /** Units in the main warehouse and in the store. */
  readonly stock: readonly [number, number];
}

/** A SKU of which there is exactly one unit in the whole shop. */
export const LAST_ONE_SKU = 'DEMO-LAST-ONE';

type Row = readonly [
  code: string,
  name: string,
  description: string,
  option: string | null,
  values: string,
  price: number,
];

const COLOURS = 'Black,Sand,Moss';
const SIZES = 'S,M,L,XL';

const ROWS: readonly Row[] = [
  ['TEE', 'Heavyweight T-shirt', 'Boxy cut, 240 g/m² combed cotton, knitted and sewn in Porto.', 'Size', SIZES, 3200],
  ['SHIRT', 'Oxford shirt', 'Button-down collar, garment washed, mother-of-pearl buttons.', 'Size', SIZES, 7900],
  ['HOOD', 'Loopback hoodie', 'Unbrushed loopback cotton that keeps its shape.', 'Size', SIZES, 8900],
  ['CREW', 'Merino crew neck', 'Extra-fine 19.5 micron merino, fully fashioned.', 'Size', SIZES, 11900],
  ['CHINO', 'Relaxed chino', 'Japanese twill with a high rise and a tapered leg.', 'Size', SIZES, 9800],
  ['JEAN', 'Selvedge jeans', '14 oz raw denim, chain-stitched hem.', 'Size', '30,32,34,36', 14900],
  ['SOCK', 'Ribbed socks', 'Pack of three, organic cotton.', 'Colour', COLOURS, 1800],
  ['BEAN', 'Fisherman beanie', 'Lambswool, ribbed, made on a hand frame.', 'Colour', COLOURS, 3400],
  ['SCARF', 'Lambswool scarf', 'Woven in the Scottish Borders, 180 × 30 cm.', 'Colour', COLOURS, 5900],
  ['GLOVE', 'Deerskin gloves', 'Unlined, cut by hand, with a button at the wrist.', 'Size', 'S,M,L', 8400],
  ['BELT', 'Bridle leather belt', 'English bridle leather with a solid brass buckle.', 'Size', '85,95,105', 6900],
  ['TOTE', 'Canvas tote', '18 oz waxed canvas with leather handles.', 'Colour', COLOURS, 7400],
  ['PACK', 'Roll-top backpack', '22 litres, waterproof, with a sleeve for a 16-inch laptop.', 'Colour', COLOURS, 13900],
  ['WALL', 'Card wallet', 'Six cards and folded notes, vegetable-tanned leather.', 'Colour', COLOURS, 4900],
  ['UMBR', 'Walking umbrella', 'Fibreglass ribs, chestnut crook handle.', null, '', 8900],
  ['MUG', 'Stoneware mug', 'Thrown by hand, 330 ml, safe in the dishwasher.', 'Glaze', 'Chalk,Ink,Ochre', 2400],
  ['BOWL', 'Breakfast bowl', 'Stoneware, 16 cm, stacks.', 'Glaze', 'Chalk,Ink,Ochre', 2600],
  ['PLATE', 'Dinner plate', 'Stoneware with a raised rim, 27 cm.', 'Glaze', 'Chalk,Ink,Ochre', 3100],
  ['CARAF', 'Glass carafe', 'Mouth-blown, one litre, with a cork stopper.', null, '', 4200],
  ['GLASS', 'Water glasses', 'Set of four, tempered, 250 ml.', null, '', 2800],
  ['KETL', 'Gooseneck kettle', 'Stainless steel, 0.9 litres, for every hob.', 'Finish', 'Steel,Matt black', 8900],
  ['DRIP', 'Pour-over dripper', 'Porcelain, for two cups.', null, '', 2900],
  ['GRIND', 'Hand coffee grinder', 'Steel burrs with 40 steps, 25 g.', null, '', 12900],
  [
    'BEANS',
    'Espresso, whole beans',
    'Washed Ethiopian and natural Brazilian; roasted on Tuesdays.',
    'Weight',
    '250 g,500 g,1 kg',
    1290,
  ],
  ['TEA', 'First flush Darjeeling', 'Loose leaf, harvested in March.', 'Weight', '50 g,100 g', 1450],
  ['KNIFE', 'Chef’s knife', '21 cm, carbon steel core, oiled walnut handle.', null, '', 15900],
  ['BOARD', 'End-grain board', 'Oak, 40 × 28 cm, with feet.', null, '', 9900],
  ['PAN', 'Carbon steel pan', 'Pre-seasoned; lighter than cast iron.', 'Diameter', '24 cm,28 cm', 7900],
  ['APRN', 'Work apron', 'Washed linen with cross-back straps.', 'Colour', COLOURS, 6400],
  ['LINEN', 'Linen tea towels', 'Pair, 50 × 70 cm, stone washed.', 'Colour', COLOURS, 2200],
  ['SHEET', 'Percale duvet cover', '200 threads, crisp and cool.', 'Size', '135 × 200,155 × 220,200 × 200', 11900],
  ['THROW', 'Mohair throw', 'Brushed by hand, 130 × 180 cm.', 'Colour', COLOURS, 18900],
  ['CANDL', 'Beeswax candles', 'Six dipped candles that burn for eight hours each.', null, '', 2400],
  ['LAMP', 'Clamp lamp', 'Spun aluminium shade, dimmable.', 'Colour', COLOURS, 12900],
  ['CLOCK', 'Wall clock', 'Silent movement, 25 cm, enamelled dial.', null, '', 8900],
  ['VASE', 'Bud vase', 'Recycled glass, each a little different.', null, '', 1900],
  ['NOTE', 'Pocket notebook', 'Dot grid, sewn, 64 pages; pack of three.', 'Colour', COLOURS, 1500],
  ['PEN', 'Fountain pen', 'Steel nib, piston filler.', 'Nib', 'EF,F,M', 7900],
  ['INK', 'Bottled ink', '50 ml, iron gall.', 'Colour', 'Blue black,Sepia,Green', 1400],
  ['PENCL', 'Pencils', 'Twelve cedar pencils.', 'Grade', 'HB,2B', 1600],
  ['RULER', 'Brass ruler', '15 cm, with a bevelled edge.', null, '', 2100],
  ['LEASH', 'Rope dog lead', 'Climbing rope, 1.8 m.', 'Colour', COLOURS, 3900],
  ['BOTTL', 'Vacuum flask', 'Keeps tea hot for twelve hours.', 'Volume', '0.5 l,1 l', 3600],
  ['TENT', 'Two-person tent', 'Three seasons, 1.9 kg.', null, '', 38900],
  ['SLEEP', 'Down sleeping bag', '850 fill, comfortable down to −3 °C.', 'Length', '185 cm,200 cm', 32900],
  ['STOVE', 'Camping stove', '83 g, boils a litre in three minutes.', null, '', 4900],
  ['TORCH', 'Head torch', 'Rechargeable, 400 lumens, with a red light.', null, '', 5400],
  ['SOAP', 'Pine tar soap', 'Cold process, 110 g.', null, '', 900],
  ['BRUSH', 'Shaving brush', 'Synthetic bristle, beech handle.', null, '', 3200],
];

/** Fifty products; the last is down to its last unit. */
export const demoCatalogue: readonly DemoProduct[] = [
  ...ROWS.map(productOf),
  {
    name: 'Archive print No. 1',
    description: 'Risograph print, signed and numbered; the last one of its edition.',
    option: null,
    variants: [{ sku: LAST_ONE_SKU, name: 'Archive print No. 1', price: 6500, stock: [1, 0] }],
  },
];

function productOf([code, name, description, option, values, price]: Row, index: number): DemoProduct {
  const names = option === null ? [name] : values.split(',');
  const variants = names.map((value, position) => ({
    sku: option === null ? code : `${code}-${value.toUpperCase().replace(/[^A-Z0-9]+/g, '')}`,
    name: value,
    // Larger weights and sizes cost more where the value says how much there is.
    price: /\d\s?(g|kg|l)$/.test(value) ? price * (position + 1) : price,
    stock: stockOf(index + position),
  }));
  return { name, description, option, variants };
}

/** From well stocked to nearly gone, the same at every start. */
function stockOf(position: number): [number, number] {
  return [10 + ((position * 37) % 90), (position * 13) % 12];
}
