// Reads ESC/POS jobs (a JSON list of base64) with npos, which nobody here wrote: it finds commands, texts and pictures.
// GS ( k is missing in its table, as the one command of its family: added, by the length that all of them carry.
const npos = require("npos"), iconv = require("iconv-lite");
const { ESC, FS, GS } = npos.symbols;
npos.rules[GS]["(k"] = [0, "d16"];
const parser = npos.parser(npos.rules);
const PAGES = { 0: "cp437", 2: "cp850", 16: "win1252", 19: "cp858" };

function read(raw) {
  const ast = parser.analyze(raw);
  if (ast.error) throw ast.error;
  const job = { text: "", commands: [], pictures: [] };
  let page = "cp437", chinese = false;
  for (const node of ast.tree) {
    const name = node.ascii + (node.fn || "");
    const data = raw.slice(node.offset, node.offset + node.length);
    if (name === "STX") job.text += iconv.decode(data, chinese ? "gb18030" : page);
    else job.commands.push(name);
    if (name === "ESCt") page = PAGES[data[2]];
    if (name === "FS&" || name === "FS.") chinese = name === "FS&";
    if (name === "GSv0") {
      const image = npos.codecs.raster.decode(raw, { offset: node.offset });
      let dots = "";
      for (let y = 0; y < image.height; y++)
        for (let x = 0; x < image.width; x++) dots += image.getPixel(x, y) ? "0" : "1";
      job.pictures.push({ width: image.width, dots });
    }
  }
  return job;
}

const jobs = JSON.parse(require("fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(jobs.map((job) => read(Buffer.from(job, "base64")))));
