using System.CommandLine;
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
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until Ctrl-C; without, it ends after the first event." };
        var command = new Command("events", "Print what happens from now on: changes of links, operations, acts of operators.") { follow };
        return command.OnApi(terminal, async (call, cancellationToken) =>
        {
            await foreach (var item in call.Client.WatchAsync(cancellationToken))
            {
                // The reader may leave during a long time without events.
                terminal.ThrowIfReaderIsGone();
                if (item.EventType == Alive) continue;
                var line = new EventLine(item.EventType, item.Data.At, item.Data.About, item.Data.Text, item.Data.Missed);
                if (call.Output.IsForPeople) await terminal.WriteLineAsync(Sentence(line), cancellationToken);
                else await call.Output.WriteObjectAsync(line, cancellationToken);
                if (!call.Parsed.GetValue(follow)) return ExitCode.Ok;
            }

            throw new ApiException(
                null, "The gateway ended the stream: it stops, or was killed. 'gateway status' tells whether it is back.");
        });
    }

    private static string Sentence(EventLine line)
    {
        var about = line.About.Length > 0 ? $"{line.About}: " : "";
        return Figures.Plain($"{Figures.Time(line.At)}  {line.Kind,-9}  {about}{line.Text}");
    }

    /// <summary><see cref="EventView"/> with its kind, which the API sends beside it.</summary>
    private sealed record EventLine(string Kind, DateTimeOffset At, string About, string Text, long? Missed);
}
