// IEEE 754 half-precision numbers: weights take half of the space, and classify as well.

/** The nearest half-precision number to each value, as 16 bits; ties to even. Values must be below 65,504. */
export function toHalf(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(bits, (word, index) => {
    const sign = (word >>> 16) & 0x8000;
    const exponent = ((word >>> 23) & 0xff) - 112;
    // Below 2^-14 a half-precision number is a multiple of 2^-24.
    if (exponent <= 0) {
      const steps = Math.abs(values[index]!) * 2 ** 24;
      const floor = Math.floor(steps);
      const rest = steps - floor;
      return sign | (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor);
    }
    const kept = (exponent << 10) | ((word >>> 13) & 0x3ff);
    const rest = word & 0x1fff;
    return sign | (rest > 0x1000 || (rest === 0x1000 && kept % 2 === 1) ? kept + 1 : kept);
  });
}

/** The value of each half-precision number. */
export function fromHalf(bits: Uint16Array): Float32Array {
  return Float32Array.from(bits, (word) => {
    const sign = word & 0x8000 ? -1 : 1;
    const exponent = (word >>> 10) & 0x1f;
    const fraction = word & 0x3ff;
    return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
  });
}
