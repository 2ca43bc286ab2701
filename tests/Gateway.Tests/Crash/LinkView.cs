using System.Text.Json;
using Gateway.Client;
using Gateway.Links;

namespace Gateway.Tests.Crash;

/// <summary>What a running gateway tells of one of its links.</summary>
internal sealed record LinkView(GatewayView.Link Link, IReadOnlyList<LinkCandidate> Candidates, IReadOnlyList<InDoubt> InDoubt,
    IReadOnlyList<LinkChange> History)
{
    public static async Task<LinkView> AskAsync(GatewayClient client, string peer) =>
        JsonSerializer.Deserialize<LinkView>(
            await client.GetLinkAsync(peer, Xunit.TestContext.Current.CancellationToken), LinkHistory.Json)!;

    /// <summary>Waits until the history has such a change after the given time; gives it.</summary>
    public static async Task<LinkChange> UntilAsync(
        GatewayClient client, string peer, LinkState state, LinkCause cause, DateTimeOffset after = default)
    {
        LinkChange? found = null;
        IReadOnlyList<LinkChange> seen = [];
        try
        {
            await ProcessTest.UntilAsync($"the link to {peer} is {state} with {cause}", async () =>
            {
                seen = (await AskAsync(client, peer)).History;
                found = seen.FirstOrDefault(change => change.At >= after && change.State == state && change.Cause == cause);
                return found is not null;
            });
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message} The history:\n{string.Join('\n', seen)}");
        }

        return found!;
    }

    public static Task UntilUpAsync(GatewayClient client, string peer) =>
        ProcessTest.UntilAsync($"the link to {peer} is up", async () => (await AskAsync(client, peer)).Link.State == "up");
}
