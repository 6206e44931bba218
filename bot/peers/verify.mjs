// Asks @slack/bolt about signatures: one JSON object a line in, true or false
// a line out. A header that is missing is refused and a timestamp is made a
// number before, as bolt's own receivers do it.
import { createInterface } from 'node:readline';
import bolt from '@slack/bolt';

function isTaken({ secret, timestamp, signature, body }) {
  if (timestamp === null || signature === null) return false;
  try {
    bolt.verifySlackRequest({
      signingSecret: secret,
      body,
      headers: { 'x-slack-signature': signature, 'x-slack-request-timestamp': Number(timestamp) },
    });
    return true;
  } catch {
    return false;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(isTaken(JSON.parse(line)));
}
