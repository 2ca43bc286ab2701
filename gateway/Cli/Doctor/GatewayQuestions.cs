using System.CommandLine;
using Gateway.Cli.Api;
using Gateway.Cli.Shell;
using Gateway.Doctor;
using Gateway.Http.Views;
using Gateway.Links.Causes;

namespace Gateway.Cli.Doctor;

/// <summary>Asks the running gateway for its state and the history of its links.</summary>
internal static class GatewayQuestions
{
    /// <summary>No answer is an answer, too.</summary>
    public static async Task<GatewayAnswer> AskAsync(
        ApiConnection connection, ParseResult parsed, TimeProvider time, CancellationToken cancellationToken)
    {
        RunningGateway? gateway = null;
        try
        {
            await connection.UseAsync(parsed, time, async client =>
            {
                gateway = await ReadAsync(client, cancellationToken);
                return ExitCode.Ok;
            });
            return new GatewayAnswer(gateway);
        }
        catch (CommandLineException failure) when (failure.ExitCode is ExitCode.Unreachable or ExitCode.Refused)
        {
            return new GatewayAnswer(null, failure.Message, failure.ExitCode == ExitCode.Refused);
        }
    }

    private static async Task<RunningGateway> ReadAsync(ApiClient client, CancellationToken cancellationToken)
    {
        var state = await client.ReadStateAsync(cancellationToken);
        var health = await client.ReadHealthAsync(cancellationToken);
        var links = new List<LinkPast>();
        foreach (var peer in state.Peers) links.Add(PastOf(await client.ReadPeerAsync(peer.Peer, cancellationToken)));
        return new RunningGateway(
            state.Name, state.Version, state.StartedAt, [.. health.Reasons.Select(reason => (reason.Code, reason.Text))], links);
    }

    private static LinkPast PastOf(LinkDetailsView details)
    {
        var link = details.Link;
        return new LinkPast(link.Peer, link.State, link.Cause, link.Since, link.Evidence, link.Advice, link.Warning ?? "")
        {
            Errors = [.. details.History.Where(change => change.State == LinkState.Down && change.Cause is not null)
                .Select(change => new SeenError(change.Cause!.Value, change.At, change.Again ?? 1))],
            Patterns = details.Patterns,
            Candidates = details.Candidates,
        };
    }
}
