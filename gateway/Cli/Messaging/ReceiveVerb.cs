using System.CommandLine;
using Gateway.Cli.Shell;
using Gateway.Client;
using Gateway.Client.Wire;
using Gateway.Logging;

namespace Gateway.Cli.Messaging;

/// <summary>Shows the messages of a queue, or takes them.</summary>
internal static class ReceiveVerb
{
    /// <summary>The interval between peeks while fewer messages are present than requested.</summary>
    private static readonly TimeSpan _peekInterval = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan _waitDefault = TimeSpan.FromSeconds(5);

    public static Command Create(Terminal terminal)
    {
        var queue = NameArgument.Queue();
        var count = WholeNumber.Option("--count", "The largest number of messages.", standard: 1, least: 1);
        var complete = new Option<bool>("--complete")
        {
            Description = "Take the messages: each is completed, and gone from the queue, once it was printed and the reader at "
                + "the other end of a pipe has read it.",
        };
        var peek = new Option<bool>("--peek")
        {
            Description = "Only show the messages; they stay in the queue, and no delivery is counted. This is the default.",
        };
        var wait = new Option<TimeSpan?>("--wait")
        {
            Description = $"How long to wait for that many messages, {Duration.Forms}. Default: {Duration.Text(_waitDefault)} with "
                + $"--complete, 0s without.",
            HelpName = "TIME",
            CustomParser = result => Duration.Parse(result),
        };
        var verbose = new Option<bool>("--verbose", "-v")
        { Description = "Print id, deliveries, times, source and headers before each body." };
        var connection = new Connection(new ConfigOption());

        var command =
            new Command("receive", "Show the messages of a queue, or take them with --complete. Prints each body and a line's end.")
        {
            queue, count, complete, peek, wait, verbose,
        };
        connection.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(complete) && result.GetValue(peek))
                result.AddError("--complete takes messages and --peek leaves them; give one of the two.");
        });
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(terminal, async () =>
        {
            var taking = parsed.GetValue(complete);
            var limit = parsed.GetValue(wait) ?? (taking ? _waitDefault : TimeSpan.Zero);
            var printer = new MessagePrinter(terminal, parsed.GetValue(verbose));
            var name = parsed.GetRequiredValue(queue);

            return await connection.UseAsync(parsed, terminal.Time, async client =>
            {
                var printed = taking
                    ? await TakeAsync(client, name, parsed.GetValue(count), limit, terminal, printer, cancellationToken)
                    : await PeekAsync(client, name, parsed.GetValue(count), limit, terminal.Time, printer, cancellationToken);
                return printed > 0 ? ExitCode.Ok : throw new CommandLineException(ExitCode.NothingReceived, Nothing(name, limit));
            });
        }));
        return command;
    }

    private static string Nothing(string queue, TimeSpan limit) => limit == TimeSpan.Zero
        ? $"The queue {queue} holds no message; --wait waits for one."
        : $"No message came to the queue {queue} within {Figures.Span(limit)}.";

    private static async Task<int> TakeAsync(
        GatewayClient client, string queue, int count, TimeSpan limit, Terminal terminal, MessagePrinter printer,
            CancellationToken cancellationToken)
    {
        // Receiving would wait for ever for an absent gateway; this call makes sure that one answers.
        await client.GetGatewayAsync(cancellationToken);

        using var over = new CancellationTokenSource(limit, terminal.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        var printed = 0;
        try
        {
            await foreach (var message in client.ReceiveAsync(queue, new ReceiveOptions { Prefetch = Math.Min(count, 64) }, stop.Token))
            {
                // Printed and read before completion: an interruption in between prints the message again, but never loses it.
                await ShowAsync(message, printer, terminal, printed, cancellationToken);
                await message.CompleteAsync(cancellationToken);
                if (++printed == count)
                    break;
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
        }

        return printed;
    }

    /// <summary>Prints a message and waits until it was read; returns it to the queue if printing fails.</summary>
    private static async Task ShowAsync(
        ReceivedMessage message, MessagePrinter printer, Terminal terminal, int printed, CancellationToken cancellationToken)
    {
        try
        {
            await printer.PrintAsync(PrintedMessage.Of(message), cancellationToken);
            await terminal.SettleAsync(cancellationToken);
        }
        catch (OutputLostException lost)
        {
            await message.AbandonAsync(cancellationToken: cancellationToken);
            throw new CommandLineException(ExitCode.OutputLost, $"{lost.Message} Printed and completed: {Figures.Messages(printed)}. "
                + $"The next one was given back to the queue, with all that follow.");
        }
    }

    private static async Task<int> PeekAsync(
        GatewayClient client, string queue, int count, TimeSpan limit, TimeProvider time, MessagePrinter printer,
            CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var printed = 0;
        var after = 0L;
        while (true)
        {
            var messages = await client.PeekAsync(
                queue, after, Math.Min(count - printed, ProtocolLimits.PeekMessagesMax), cancellationToken);
            foreach (var message in messages)
            {
                await printer.PrintAsync(PrintedMessage.Of(message), cancellationToken);
                after = message.Number;
                printed++;
            }

            if (printed == count || (messages.Count == 0 && time.GetElapsedTime(start) >= limit))
                return printed;
            if (messages.Count == 0)
                await Task.Delay(_peekInterval, time, cancellationToken);
        }
    }
}
