using System.CommandLine;
using System.Globalization;
using Gateway.Cli.Shell;
using Gateway.Store.Browsing;
using Gateway.Store.Messages;

namespace Gateway.Cli.Api;

/// <summary>The names that verbs accept, checked before the gateway is called.</summary>
internal static class ApiArguments
{
    public static Argument<string> Peer()
    {
        var peer = new Argument<string>("peer") { Description = "The other gateway's name, as in Gateway:Peers." };
        peer.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } name && !Names.IsValid(name)) result.AddError($"'{name}' is not the name "
                + $"of a peer: it has 1 to {Names.LengthMax} of a-z A-Z 0-9 . _ - and starts with a letter or digit.");
        });
        return peer;
    }

    public static Argument<string> Queue()
    {
        var queue = new Argument<string>("queue") { Description = $"The queue: {QueueArgument.Forms}." };
        queue.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } name) Check(name, result.AddError);
        });
        return queue;
    }

    public static void Check(string queue, Action<string> addError)
    {
        if (!Names.TryParseDestination(queue, out _, out _)) addError($"'{queue}' is not the name of a queue; give {QueueArgument.Forms}.");
    }

    public static Option<string> Why() =>
        new("--why") { Description = "Why, in your words; kept in the audit trail.", HelpName = "TEXT", DefaultValueFactory = _ => "" };

    public static Option<QueueKind?> Kind() => ChoiceOption.Create<QueueKind>("--kind", "Only queues of this kind");

    public static Option<string?> OfPeer() => new("--peer") { Description = "Only the outgoing queues of this peer.", HelpName = "NAME" };

    public static Option<MessageState?> State() => ChoiceOption.Create<MessageState>("--state", "Only messages in this state");

    public static Option<long> After() => new("--after") { Description = "Begin after this number.", HelpName = "N" };

    public static Option<int> Limit(int standard) => new("--limit")
    {
        Description = "The largest number of rows.",
        HelpName = "N",
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var limit) && limit > 0) return limit;
            result.AddError("--limit is a number, at least 1.");
            return standard;
        },
    };

    public static QueueId QueueOf(this ParseResult parsed, Argument<string> queue) => QueueArgument.Parse(parsed.GetRequiredValue(queue));
}
