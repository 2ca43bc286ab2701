using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using Gateway.Cli.Shell;
using Gateway.Client;
using Gateway.Client.Wire;

namespace Gateway.Cli.Messaging;

/// <summary>Sends one message to the gateway and prints its id once the gateway has confirmed it.</summary>
internal static class SendVerb
{
    public static Command Create(Terminal terminal)
    {
        var destination = NameArgument.Destination();
        var body = new Argument<string?>("body")
        {
            Description = "The body, as text; - or nothing to take the bytes of standard input. After -- it may begin with dashes.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var id = new Option<MessageId?>("--id")
        {
            Description = "The message's id, a UUID. Sending with the same id and body again is safe: it is accepted once.",
            HelpName = "UUID",
            CustomParser = ParseId,
        };
        var header = HeaderOption.Create();
        var expiresIn = new Option<TimeSpan?>("--expires-in")
        {
            Description = $"If it is not delivered within this time, it becomes a dead letter; {Duration.Forms}.",
            HelpName = "TIME",
            CustomParser = result => Duration.Parse(result),
        };
        var connection = new Connection(new ConfigOption());

        var command = new Command("send", "Send a message. Prints its id when it is safely on the gateway's disk.")
        {
            destination, body, id, header, expiresIn,
        };
        connection.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(terminal, async () =>
        {
            var bytes = await BodyAsync(parsed.GetValue(body), terminal, cancellationToken);
            var options = new EnqueueOptions
            {
                MessageId = parsed.GetValue(id),
                Headers = parsed.GetValue(header),
                ExpiresAt = terminal.Time.GetUtcNow() + parsed.GetValue(expiresIn),
            };

            return await connection.UseAsync(parsed, terminal.Time, async client =>
            {
                var receipt = await client.EnqueueAsync(parsed.GetRequiredValue(destination), bytes, options, cancellationToken);
                await terminal.WriteDoneAsync(receipt.MessageId.ToString(), $"The message was accepted, as {receipt.MessageId}.",
                    cancellationToken);
                return ExitCode.Ok;
            });
        }));
        return command;
    }

    private static MessageId? ParseId(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (MessageId.TryParse(text, out var id))
            return id;
        result.AddError($"'{text}' is not a message id; give a UUID of 36 characters.");
        return null;
    }

    private static async Task<ReadOnlyMemory<byte>> BodyAsync(string? body, Terminal terminal, CancellationToken cancellationToken)
    {
        if (body is not (null or "-"))
            return Encoding.UTF8.GetBytes(body);
        if (body is null && !terminal.InputIsRedirected)
            throw new CommandLineException(ExitCode.Usage, "There is no body; give one after the destination, or - to type it.");

        using var buffer = new MemoryStream();
        var piece = new byte[64 * 1024];
        while (await terminal.Input.ReadAsync(piece, cancellationToken) is > 0 and var count)
        {
            if (buffer.Length + count > ProtocolLimits.BodyBytesHighest)
            {
                throw new CommandLineException(
                    ExitCode.Failed, $"Standard input is over {ProtocolLimits.BodyBytesHighest >> 20} MiB, which no gateway takes "
                        + $"in one message; "
                        + $"send it in parts.");
            }

            buffer.Write(piece, 0, count);
        }

        return buffer.ToArray();
    }
}
