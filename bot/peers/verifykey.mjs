// Asks discord-interactions about signatures: one JSON object a line in, true
// or false a line out. A header that is missing or empty is refused before, as
// the package's own middleware does it.
import { createInterface } from 'node:readline';
import { verifyKey } from 'discord-interactions';

async function isTaken({ key, timestamp, signature, body }) {
  if (!timestamp || !signature) return false;
  return verifyKey(Buffer.from(body, 'base64'), signature, timestamp, key);
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(await isTaken(JSON.parse(line)));
}
