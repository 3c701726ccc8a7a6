// Every visible text whose contrast with the ground behind it is below WCAG AA: 4.5, or 3 for large text. Disabled controls are exempt, as in WCAG.
() => {
  const parse = (colour) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true })
    canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1)
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data
    return [red, green, blue, alpha / 255]
  }
  const over = (top, ground) => [0, 1, 2].map((i) => top[i] * top[3] + ground[i] * (1 - top[3])).concat(1)
  const ground = (node) => {
    const layers = []
    for (let at = node; at; at = at.parentElement) layers.push(parse(getComputedStyle(at).backgroundColor))
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1])
  }
  const luminance = (colour) => {
    const [red, green, blue] = colour.map((value) => { const share = value / 255; return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4 })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const found = []
  const texts = document.createTreeWalker(document.querySelector(".dlm"), NodeFilter.SHOW_TEXT)
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const node = text.parentElement, style = getComputedStyle(node)
    if (!text.data.trim() || !node.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || node.closest(":disabled, [aria-disabled=true], style, option")) continue
    if ([...function* () { for (let at = node; at; at = at.parentElement) yield at }()].some((at) => at.classList.contains("is-empty") && node.closest(".dlm-timeline"))) continue
    const below = ground(node), shown = over(parse(style.color), below), [light, dark] = [luminance(shown), luminance(below)].sort((a, b) => b - a)
    const contrast = (light + 0.05) / (dark + 0.05), size = parseFloat(style.fontSize)
    if (contrast < (size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5)) found.push([text.data.trim().slice(0, 30), Math.round(contrast * 100) / 100, style.color, below.join(",")])
  }
  return found
}
