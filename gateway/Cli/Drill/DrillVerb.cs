using System.CommandLine;
using System.CommandLine.Parsing;
using Gateway.Cli.Api;
using Gateway.Cli.Messaging;
using Gateway.Cli.Shell;
using Gateway.Client;
using Gateway.Links.Protocol;

namespace Gateway.Cli.Drill;

/// <summary>
/// A drill on a running pair of gateways: faults are injected into the link while messages flow, and a ledger proves that no message was
/// affected.
/// </summary>
internal static class DrillVerb
{
    private const int RateMax = 1000;

    public static Command Create(Terminal terminal)
    {
        var peer = new Argument<string>("peer") { Description = "The other gateway's name, as in Gateway:Peers." };
        var kinds = new Option<DrillKind[]>("--kind")
        {
            Description = $"Only these faults, in this order: {Names()}. Default: all.",
            HelpName = "KIND",
            AllowMultipleArgumentsPerToken = true,
            CustomParser = ParseKinds,
        };
        var rate = WholeNumber.Option("--rate", "Messages a second.", standard: 50, least: 1, RateMax);
        var stall = Time("--stall", $"How long a stall lasts, at most {Duration.Text(DrillKinds.StallMax)}, {Duration.Forms}.",
            DrillKinds.StallDefault, DrillKinds.StallMax);
        var limit = Time("--limit", "The link has to be back after each fault, with nothing waiting, within this time.",
            TimeSpan.FromMinutes(1), TimeSpan.MaxValue);
        var config = new ConfigOption();
        var api = new ApiConnection(config);
        var near = new Connection(config, "near-");
        var far = new Connection(config, "far-", isOther: true);

        var command = new Command(
            "drill",
            "Put faults into the running link to a peer (reset, half-open, stall, kill) while messages flow to its queue drill, "
                + "and prove that none was lost, doubled or moved: "
            + "by what the peer acknowledges, or with --far-gateway by receiving each message there. The gateway has to allow it "
                + "(Gateway:Links:DrillEnabled).")
        {
            peer, kinds, rate, stall, limit,
        };
        api.AddTo(command);
        near.AddTo(command);
        far.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(terminal, () =>
        {
            var options = new DrillOptions
            {
                Peer = parsed.GetRequiredValue(peer),
                Kinds = parsed.GetValue(kinds) is { Length: > 0 } given ? given : Enum.GetValues<DrillKind>(),
                Rate = parsed.GetValue(rate),
                Stall = parsed.GetValue(stall),
                Limit = parsed.GetValue(limit),
            };
            return api.UseAsync(parsed, terminal.Time, operate => near.UseAsync(parsed, terminal.Time, here => far.IsGiven(parsed)
                ? far.UseAsync(parsed, terminal.Time, there => RunAsync(options, operate, here, there, terminal, cancellationToken))
                : RunAsync(options, operate, here, null, terminal, cancellationToken)));
        }));
        return command;
    }

    private static async Task<ExitCode> RunAsync(
        DrillOptions options, ApiClient api, GatewayClient near, GatewayClient? far, Terminal terminal, CancellationToken cancellationToken)
    {
        if (!await new DrillRun(options, api, near, far, terminal).RunAsync(cancellationToken))
            throw new CommandLineException(ExitCode.NotBalanced, "The ledger does not balance: a value in it is not what it must be.");
        await terminal.WriteSentenceAsync("The ledger balances.", cancellationToken);
        return ExitCode.Ok;
    }

    private static DrillKind[] ParseKinds(ArgumentResult result)
    {
        var kinds = new List<DrillKind>();
        foreach (var text in result.Tokens.Select(token => token.Value))
        {
            if (DrillKinds.TryFromName(text, out var kind)) kinds.Add(kind);
            else result.AddError($"'{text}' is not a fault; give some of {Names()}.");
        }

        return [.. kinds];
    }

    private static string Names() => string.Join(", ", Enum.GetValues<DrillKind>().Select(DrillKinds.NameOf));

    private static Option<TimeSpan> Time(string name, string description, TimeSpan standard, TimeSpan most) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            var time = Duration.Parse(result);
            if (!result.Errors.Any() && (time < TimeSpan.FromMilliseconds(1) || time > most))
                result.AddError($"{name} must be between 1ms and {Duration.Text(most)}.");
            return time;
        },
        DefaultValueFactory = _ => standard,
    };
}
