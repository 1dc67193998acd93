/** A preload (`--import`): this process's clock is CLOCK_SHIFT_MS off. */
const shiftMs = Number(process.env.CLOCK_SHIFT_MS)
const realNow = Date.now

globalThis.Date = new Proxy(Date, {
  construct: (RealDate, given, made) =>
    Reflect.construct(RealDate, given.length === 0 ? [realNow() + shiftMs] : given, made),
})
Date.now = () => realNow() + shiftMs
