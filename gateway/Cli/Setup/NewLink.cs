using Gateway.Cli.Api;
using Gateway.Cli.Operator;
using Gateway.Http.Views;
using Gateway.Links.Causes;

namespace Gateway.Cli.Setup;

/// <summary>Waits a moment for the link to a gateway that has just become a peer, and tells how it stands.</summary>
internal static class NewLink
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _every = TimeSpan.FromMilliseconds(100);

    /// <summary>A link that is not up is no fault of the pairing: the other gateway may have to be started yet.</summary>
    public static async Task TellAsync(ApiCall call, string peer, CancellationToken cancellationToken)
    {
        var began = call.Terminal.Time.GetTimestamp();
        LinkView link;
        while ((link = (await call.Client.ReadPeerAsync(peer, cancellationToken)).Link).State != LinkState.Up
            && call.Terminal.Time.GetElapsedTime(began) < _patience) await Task.Delay(_every, call.Terminal.Time, cancellationToken);
        await call.Output.WriteDoneAsync(link, shown => shown.State == LinkState.Up ? $"The link to {peer} is up."
            : $"The link to {peer} is not up yet: {shown.Evidence}. {PeerReport.ToDo(shown)} 'gateway peer explain {peer}' shows more.");
    }
}
