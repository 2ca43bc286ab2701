using System.CommandLine;
using Gateway.Cli.Api;
using Gateway.Cli.Shell;
using Gateway.Http.Resources;
using Gateway.Http.Views;
using Gateway.Management;

namespace Gateway.Cli.Operator;

/// <summary>The messages of the running gateway, in all queues or singly.</summary>
internal static class MessageVerb
{
    public static Command Create(Terminal terminal) =>
        new("message", "Find messages of the running gateway in all its queues; look at one, or take it out.")
    {
        List(terminal), Show(terminal), Trace(terminal), Act(terminal, "delete", OperationKind.Purge, "Remove a message for good."),
            Act(terminal, "deadletter", OperationKind.DeadLetter, "Take a message out of its queue and keep it as a dead letter."),
    };

    private static Command List(Terminal terminal)
    {
        var (queues, filter, state, limit) = (new QueueChoiceOptions(), new FilterOptions(), ApiArguments.State(), ApiArguments.Limit(100));
        var after = new Option<string?>("--after")
        { Description = "Go on from here, as the listing before said.", HelpName = "KIND/QUEUE/N" };
        var command = new Command("ls", "List messages of all queues, queue by queue, the oldest of each first.") { state, after, limit };
        queues.AddTo(command);
        filter.AddTo(command);
        return command.ShownFromApi(terminal, (call, cancellationToken) => MessagePages.ShowAllAsync(
            call, queues.Read(call.Parsed), filter.Read(call.Parsed, terminal.Time.GetUtcNow()), call.Parsed.GetValue(state),
                call.Parsed.GetValue(after), call.Parsed.GetValue(limit), cancellationToken));
    }

    private static Command Show(Terminal terminal)
    {
        var place = new MessagePlace();
        var body = new Option<bool>("--body") { Description = "Write the whole body, as it is, and nothing else." };
        var preview = new Option<int>("--preview")
        {
            Description = $"The number of bytes of the body to show, at most {BodyPreview.BytesMax}.",
            HelpName = "BYTES",
            DefaultValueFactory = _ => BodyPreview.DefaultBytes
        };
        var command = new Command("show", "Show a message: times, headers, and the beginning of its body.") { body, preview };
        place.AddTo(command);
        return command.OnApi(terminal, async (call, cancellationToken) =>
        {
            var (queue, number) = place.Read(call.Parsed);
            if (call.Parsed.GetValue(body)) await call.Client.CopyBodyAsync(queue, number, terminal.ForeignOutput, cancellationToken);
            else await call.Output.WriteAsync(await call.Client.ReadMessageAsync(
                queue, number, call.Parsed.GetValue(preview), cancellationToken), MessageReport.Details, cancellationToken);
            return ExitCode.Ok;
        });
    }

    private static Command Trace(Terminal terminal)
    {
        var place = new MessagePlace();
        var command = new Command("trace", "Show a message's way so far: accepted, stored, sent, delivered.");
        place.AddTo(command);
        return command.ShownFromApi(terminal, async (call, cancellationToken) =>
        {
            var (queue, number) = place.Read(call.Parsed);
            await call.Output.WriteAsync(await call.Client.TraceAsync(queue, number, cancellationToken), MessageReport.Trace,
                cancellationToken);
            return ExitCode.Ok;
        });
    }

    private static Command Act(Terminal terminal, string name, OperationKind kind, string description)
    {
        var isPurge = kind == OperationKind.Purge;
        var (place, act) = (new MessagePlace(), new MessageAct(onQueue: true));
        var command = new Command(name, description);
        place.AddTo(command, withDeadLetters: isPurge);
        act.AddTo(command);
        return command.OnApi(terminal, (call, cancellationToken) =>
        {
            var (queue, number) = place.Read(call.Parsed);
            return act.RunAsync(call, new StartRequest
            { Kind = kind, Queue = queue is { } id ? QueueName.Of(id) : null, Number = number }, cancellationToken);
        });
    }
}
