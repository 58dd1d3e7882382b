// Takes the tables that only tracebacks read out of a Go wasm module: more than a tenth
// of its compressed bytes.
//
// Go's linker has flags that drop the debug sections, but not the tables that say
// which source line an instruction came from. They are read by tracebacks alone:
// without them a crash names our own functions, but no others, and neither lines nor
// arguments. Where a goroutine may be preempted is not needed either: wasm has no signals.
// The layout is that of runtime/symtab.go (struct pcHeader, struct _func), magic 0xfffffff1.
// Nothing moves: functions are pointed at the empty table and at the empty name, and what
// nothing points at is zeroed, which compresses to nothing.

const MAGIC = 0xfffffff1;
const EMPTY = 0; // where the empty table lies in every pctab
const PCDATA = { unsafePoint: 0, inlineTree: 2, argLive: 3 };
const FUNCDATA = { inlineTree: 3, argInfo: 5, argLive: 6 };
const NO_FUNCDATA = 0xffffffff; // an offset that leads nowhere
const FUNC_SIZE = 44; // of struct _func, without the offsets that follow it

const OURS = 'mooring/';
/** By it the runtime tells goroutines of its own from others (isSystemGoroutine). */
const RUNTIME = 'runtime.';
/** What else it reads: names of reflect's stubs, and of methods, to say which was called on nil. */
const READ = /^reflect\.|\(/;

/** @param {Uint8Array} wasm is changed in place. @returns {number} how many bytes were zeroed */
export function stripLines(wasm) {
  const memory = new Memory(wasm);
  const header = findHeader(memory);
  const functions = readFunctions(memory, header);
  for (const at of functions) forgetLines(memory, at);
  return (
    forgetNames(memory, header, functions) +
    zero(memory, header.files, header.pctab) +
    zeroUnused(memory, header, functions)
  );
}

/** Linear memory as the data segments fill it, each byte where it lies in the file. */
class Memory {
  constructor(wasm) {
    this.view = new DataView(wasm.buffer, wasm.byteOffset, wasm.byteLength);
    this.segments = dataSegments(wasm);
  }

  /** The place in the file, or -1 where the linker left out zeros. */
  place(address) {
    let [low, high] = [0, this.segments.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const { address: start, length, file } = this.segments[middle];
      if (address < start) high = middle - 1;
      else if (address >= start + length) low = middle + 1;
      else return file + address - start;
    }
    return -1;
  }

  byte(address) {
    const at = this.place(address);
    return at < 0 ? 0 : this.view.getUint8(at);
  }

  setByte(address, value) {
    const at = this.place(address);
    if (at >= 0) this.view.setUint8(at, value);
    else if (value !== 0)
      throw new Error('striplines: a byte that the module does not hold can only stay zero');
  }

  u32(address) {
    let value = 0;
    for (let i = 3; i >= 0; i--) value = value * 256 + this.byte(address + i);
    return value;
  }

  /** Whether a number could be put there: the linker left out none of the bytes that it needs. */
  takes(address, value) {
    return bytesOf(value).every((byte, i) => byte === 0 || this.place(address + i) >= 0);
  }

  setU32(address, value) {
    bytesOf(value).forEach((byte, i) => {
      this.setByte(address + i, byte);
    });
  }

  /** The ASCII text that ends with a zero. */
  text(address) {
    let text = '';
    for (let at = address; this.byte(at) !== 0; at++) text += String.fromCharCode(this.byte(at));
    return text;
  }
}

const bytesOf = (value) => [0, 8, 16, 24].map((shift) => (value >>> shift) & 255);

function dataSegments(wasm) {
  let at = 8;
  const leb = () => {
    let [value, shift, byte] = [0, 1, 0];
    do {
      byte = wasm[at++];
      value += (byte & 127) * shift;
      shift *= 128;
    } while (byte & 128);
    return value;
  };
  while (at < wasm.length) {
    const id = wasm[at++];
    const end = leb() + at;
    if (id === 11) {
      return Array.from({ length: leb() }, () => {
        at += 2; // memory 0, i32.const
        const address = leb();
        at += 1; // end
        const length = leb();
        const file = at;
        at += length;
        return { address, length, file };
      }).sort((a, b) => a.address - b.address);
    }
    at = end;
  }
  throw new Error('striplines: the module has no data');
}

function findHeader(memory) {
  const bytes = [MAGIC & 255, 255, 255, 255, 0, 0, 1, 8];
  for (const { address, length } of memory.segments) {
    for (let a = address; a < address + length - 8; a++) {
      if (bytes.every((byte, i) => memory.byte(a + i) === byte)) return readHeader(memory, a);
    }
  }
  throw new Error(
    'striplines: no line tables of a layout that is known; did the Go toolchain change?',
  );
}

function readHeader(memory, start) {
  const word = (n) => memory.u32(start + 8 + 8 * n);
  const [names, files, , pctab, functab] = [3, 4, 5, 6, 7].map((n) => start + word(n));
  return { functions: word(0), names, files, pctab, functab };
}

function readFunctions(memory, { functions, functab }) {
  return Array.from({ length: functions }, (_, i) => functab + memory.u32(functab + 8 * i + 4));
}

function forgetLines(memory, at) {
  memory.setU32(at + 20, 0); // pcfile
  memory.setU32(at + 24, 0); // pcln
  memory.setU32(at + 32, 0); // cuOffset: only with pcfile
  memory.setU32(at + 36, 0); // startLine
  const pcdata = memory.u32(at + 28);
  for (const table of Object.values(PCDATA)) {
    if (table < pcdata) memory.setU32(at + FUNC_SIZE + 4 * table, 0);
  }
  const funcdata = memory.byte(at + 43);
  for (const table of Object.values(FUNCDATA)) {
    if (table < funcdata) memory.setU32(at + FUNC_SIZE + 4 * (pcdata + table), NO_FUNCDATA);
  }
}

/** @returns {number} how many bytes were zeroed */
function forgetNames(memory, { names, files }, functions) {
  const empty = memory.text(names).length; // where the first name ends
  const kept = new Set();
  let runtime;
  for (const at of functions) {
    const offset = memory.u32(at + 4);
    const name = memory.text(names + offset);
    let shared = empty;
    if (name.startsWith(RUNTIME)) shared = runtime ??= offset;
    else if (name.startsWith(OURS) || READ.test(name)) shared = offset;
    if (shared === offset || !memory.takes(at + 4, shared)) kept.add(offset);
    else memory.setU32(at + 4, shared);
  }
  let zeroed = 0;
  for (let start = 0; start < files - names; ) {
    const end = start + memory.text(names + start).length;
    const from = start === runtime ? start + RUNTIME.length : start;
    if (start === runtime || !kept.has(start)) zeroed += zero(memory, names + from, names + end);
    start = end + 1;
  }
  return zeroed;
}

/** @returns {number} how many bytes were not zero before */
function zero(memory, from, to) {
  let zeroed = 0;
  for (let at = from; at < to; at++) {
    if (memory.byte(at) === 0) continue;
    memory.setByte(at, 0);
    zeroed++;
  }
  return zeroed;
}

function zeroUnused(memory, { pctab, functab }, functions) {
  const used = new Uint8Array(functab - pctab);
  for (const at of functions) {
    keep(memory, pctab, used, memory.u32(at + 16)); // pcsp
    const tables = memory.u32(at + 28);
    for (let i = 0; i < tables; i++) keep(memory, pctab, used, memory.u32(at + FUNC_SIZE + 4 * i));
  }
  let zeroed = 0;
  for (let i = 0; i < used.length; i++) {
    if (!used[i]) zeroed += zero(memory, pctab + i, pctab + i + 1);
  }
  return zeroed;
}

/** A table is pairs of varints, value and pc, ended by a value of zero (not in the first pair). */
function keep(memory, pctab, used, offset) {
  if (offset === EMPTY || used[offset] === 2) return;
  let at = offset;
  const varint = () => {
    let value = 0;
    for (;;) {
      const byte = memory.byte(pctab + at);
      used[at] ||= 1;
      at++;
      value |= byte & 127;
      if (byte < 128) return value;
    }
  };
  for (let first = true; varint() !== 0 || first; first = false) varint();
  used[offset] = 2;
}
