/** Trying every filter on every line of the picture is most of the work, and black and white gains nothing by it. */
const PNG = { type: 'image/png', rendererOpts: { filterType: 0, deflateStrategy: 0, deflateLevel: 6 } } as const;

/** A PNG as a data URL. Its library is loaded for the first. */
export async function qrCode(text: string): Promise<string> {
  const { toDataURL } = await import('qrcode');
  return toDataURL(text, PNG);
}
