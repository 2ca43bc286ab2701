using System.CommandLine;
using Gateway.Cli.Api;
using Gateway.Cli.Shell;
using Gateway.Doctor;
using Gateway.Http.Resources;
using Gateway.Http.Views;

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
        var links = new List<LinkDetailsView>();
        foreach (var peer in state.Peers) links.Add(await client.ReadPeerAsync(peer.Peer, cancellationToken));
        return DoctorReading.Of(state, health, links);
    }
}
