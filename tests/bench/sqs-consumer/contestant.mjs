// npm sqs-consumer as a contestant: obeys the same lines on standard input as the Java ones (see Contestant.java).
// Arguments: number of consumers, batch size, "batch" (one handler call per batch) or "single" (one per message).
import { createInterface } from "node:readline";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { Consumer } from "sqs-consumer";

const [consumers, batchSize, mode] = process.argv.slice(2);
const counts = {};
const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
sqs.middlewareStack.add(
  (next, context) => (request) => {
    const action = context.commandName.replace(/Command$/, "");
    counts[action] = (counts[action] ?? 0) + 1;
    return next(request);
  },
  { step: "finalizeRequest", priority: "low" },
);

let running = [];
let before = {};

async function drain(queue, messages) {
  before = { ...counts };
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queue }));
  let left = messages;
  const done = (handled) => {
    left -= handled;
    if (left === 0) console.log("handled");
  };
  const handler =
    mode === "batch"
      ? { handleMessageBatch: async (batch) => (done(batch.length), batch) }
      : { handleMessage: async (message) => (done(1), message) };
  running = Array.from({ length: Number(consumers) }, () =>
    Consumer.create({
      queueUrl: QueueUrl,
      sqs,
      batchSize: Number(batchSize),
      waitTimeSeconds: 20,
      visibilityTimeout: 30,
      ...handler,
    }),
  );
  for (const consumer of running) {
    consumer.on("error", (error) => error.name === "AbortError" || left === 0 || console.error(error));
    consumer.on("processing_error", (error) => console.error(error));
    consumer.start();
  }
}

function stop() {
  const words = Object.entries(counts).map(([name, count]) => `${name}=${count - (before[name] ?? 0)}`);
  console.log(["counts", ...words].join(" "));
  for (const consumer of running) consumer.stop({ abort: true });
  console.log("stopped");
}

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const [word, queue, messages] = line.split(" ");
    if (word === "drain") drain(queue, Number(messages));
    else stop();
  })
  .on("close", () => process.exit(0));
console.log("ready");
