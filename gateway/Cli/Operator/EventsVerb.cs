using System.CommandLine;
using System.Runtime.CompilerServices;
using Gateway.Cli.Api;
using Gateway.Cli.Shell;
using Gateway.Http.Resources;

namespace Gateway.Cli.Operator;

/// <summary>Shows the events of the running gateway as they occur.</summary>
internal static class EventsVerb
{
    /// <summary>The kind of event that only shows that the stream is alive.</summary>
    private const string Alive = "alive";

    public static Command Create(Terminal terminal)
    {
        var follow = new Option<bool>("--follow", "-f")
        { Description = "Go on until Ctrl-C, or for the time that --timeout gives; without, it ends after the first event." };
        var command = new Command("events", "Print events as they occur: changes of links, operations, actions of operators. Waits without "
            + "limit unless --timeout is given.") { follow };
        return command.OnApi(terminal, async (call, cancellationToken) =>
        {
            using var over = call.GivenTimeout is { } limit
                ? new CancellationTokenSource(limit, terminal.Time) : new CancellationTokenSource();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
            var shown = 0;
            try
            {
                await foreach (var line in ReadAsync(call, either.Token))
                {
                    await ShowAsync(call, line, cancellationToken);
                    shown++;
                    if (!call.Parsed.GetValue(follow)) return ExitCode.Ok;
                }
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                return shown > 0 ? ExitCode.Ok : throw new CommandLineException(ExitCode.NothingReceived,
                    $"Nothing happened within {Figures.Span(call.GivenTimeout!.Value)}.");
            }

            throw new ApiException(
                null, "The gateway ended the stream: it stops, or was killed. 'gateway status' tells whether it is back.");
        });
    }

    private static async IAsyncEnumerable<EventLine> ReadAsync(
        ApiCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in call.Client.WatchAsync(cancellationToken))
        {
            // The reader may leave during a long time without events.
            call.Terminal.ThrowIfReaderIsGone();
            if (item.EventType != Alive)
                yield return new EventLine(item.EventType, item.Data.At, item.Data.About, item.Data.Text, item.Data.Missed);
        }
    }

    private static Task ShowAsync(ApiCall call, EventLine line, CancellationToken cancellationToken) => call.Output.IsForPeople
        ? call.Terminal.WriteSentenceAsync(Sentence(line), cancellationToken)
        : call.Output.WriteObjectAsync(line, cancellationToken);

    private static string Sentence(EventLine line)
    {
        var about = line.About.Length > 0 ? $"{line.About}: " : "";
        return ForeignText.Plain($"{Figures.Time(line.At)}  {line.Kind,-9}  {about}{line.Text}");
    }

    /// <summary><see cref="EventView"/> with its kind, which the API sends beside it.</summary>
    private sealed record EventLine(string Kind, DateTimeOffset At, string About, string Text, long? Missed);
}
