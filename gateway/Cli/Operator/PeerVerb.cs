using System.CommandLine;
using Gateway.Cli.Api;
using Gateway.Cli.Shell;

namespace Gateway.Cli.Operator;

/// <summary>The peers of the running gateway: the state of their links, its cause, and an operator's actions.</summary>
internal static class PeerVerb
{
    /// <param name="changes">The verbs that change the configuration.</param>
    public static Command Create(Terminal terminal, params Command[] changes)
    {
        var peer = new Command("peer", "Look at the peers of the running gateway; pause, resume and retry them; add and remove them.")
        {
            List(terminal), Explain(terminal), History(terminal), Pause(terminal), Resume(terminal), Retry(terminal), Accept(terminal),
        };
        foreach (var change in changes) peer.Subcommands.Add(change);
        return peer;
    }

    private static Command List(Terminal terminal) =>
        new Command("ls", "List the peers: state, cause, what waits, and what to do.")
            .ShownFromApi(terminal, async (call, cancellationToken) =>
        {
            await call.Output.WriteListAsync(await call.Client.ReadPeersAsync(cancellationToken), PeerReport.List,
                "There are no peers; 'gateway peer add' adds one.", cancellationToken);
            return ExitCode.Ok;
        });

    private static Command Explain(Terminal terminal)
    {
        var peer = ApiArguments.Peer();
        return new Command("explain", "Say why the link to a peer is as it is, what speaks for it, and what to do.") { peer }
            .ShownFromApi(terminal, async (call, cancellationToken) =>
        {
            await call.Output.WriteAsync(await call.Client.ReadPeerAsync(call.Parsed.GetRequiredValue(peer), cancellationToken),
                PeerReport.Explain, cancellationToken);
            return ExitCode.Ok;
        });
    }

    private static Command History(Terminal terminal)
    {
        var peer = ApiArguments.Peer();
        return new Command("history", "Show the last changes of the link to a peer, the newest last.") { peer }
            .ShownFromApi(terminal, async (call, cancellationToken) =>
        {
            var details = await call.Client.ReadPeerAsync(call.Parsed.GetRequiredValue(peer), cancellationToken);
            await call.Output.WriteListAsync(details.History, PeerReport.History, "Nothing has happened to this link yet.",
                cancellationToken);
            return ExitCode.Ok;
        });
    }

    private static Command Pause(Terminal terminal)
    {
        var (peer, why) = (ApiArguments.Peer(), ApiArguments.Why());
        return new Command("pause", "Send nothing to a peer until it is resumed, across restarts too.") { peer, why }
            .OnApi(terminal, (call, cancellationToken) => DoneAsync(
            call, peer, name => call.Client.PausePeerAsync(name, call.Parsed.GetValue(why)!, cancellationToken),
                "Nothing is sent to {0} any more until 'gateway peer resume {0}'."));
    }

    private static Command Resume(Terminal terminal)
    {
        var peer = ApiArguments.Peer();
        return new Command("resume", "Send to a peer again.") { peer }.OnApi(terminal, (call, cancellationToken) => DoneAsync(
            call, peer, name => call.Client.ResumePeerAsync(name, cancellationToken), "Messages for {0} go out again."));
    }

    private static Command Retry(Terminal terminal)
    {
        var peer = ApiArguments.Peer();
        return new Command("retry", "Try the link to a peer at once, instead of at its next turn.") { peer }
            .OnApi(terminal, (call, cancellationToken) => DoneAsync(
            call, peer, name => call.Client.RetryPeerAsync(name, cancellationToken),
                "The link to {0} is tried; 'gateway peer explain {0}' says what comes of it."));
    }

    private static Command Accept(Terminal terminal)
    {
        var peer = ApiArguments.Peer();
        return new Command("accept", "Go on with a peer that has lost what it had acknowledged (PeerWentBack), from where it stands.")
            { peer }.OnApi(terminal, (call, cancellationToken) => DoneAsync(
            call, peer, name => call.Client.AcceptPeerAsync(name, cancellationToken),
                "The link to {0} goes on from where the peer stands; 'gateway peer history {0}' keeps what is gone there."));
    }

    private static async Task<ExitCode> DoneAsync(ApiCall call, Argument<string> peer, Func<string, Task> act, string sentence)
    {
        var name = call.Parsed.GetRequiredValue(peer);
        await act(name);
        var done = sentence.Replace("{0}", name, StringComparison.Ordinal);
        if (call.Output.IsForPeople) await call.Terminal.WriteDoneAsync(done, done, CancellationToken.None);
        return ExitCode.Ok;
    }
}
