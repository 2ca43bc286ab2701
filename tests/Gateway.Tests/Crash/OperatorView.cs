using System.Net;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using Gateway.Cli.Api;
using Gateway.Client;
using Gateway.Http.Answers;
using Gateway.Http.Views;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;

namespace Gateway.Tests.Crash;

/// <summary>
/// How a running gateway stands, as an operator sees it over HTTP; asked for by the client of an application that is connected to it.
/// </summary>
internal static class OperatorView
{
    /// <summary>The state may be half a second old; a test wants to know how it is after what it did.</summary>
    private static readonly TimeSpan _freshness = TimeSpan.FromMilliseconds(600);

    private static readonly TimeSpan _again = TimeSpan.FromMilliseconds(20);
    private static readonly HttpClient _http =
        new(new ResetOnConnect(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.FromSeconds(30) }));
    private static readonly ConditionalWeakTable<GatewayClient, TestGateway> _gateways = [];

    /// <summary>In all queues, listed or not.</summary>
    public static long Messages(this GatewayView view) => view.Outgoing.Messages + view.Inbound.Messages;

    public static long MessagesOf(this GatewayView view, string queue) =>
        view.Queues.Where(known => known.Name == queue).Sum(known => known.Messages);

    public static LinkView LinkTo(this GatewayView view, string peer) => view.Peers.Single(link => link.Peer == peer);

    /// <summary>Says to which gateway a client is connected.</summary>
    public static void Note(GatewayClient client, TestGateway gateway) => _gateways.Add(client, gateway);

    /// <summary>The state, as it is or was after the call; waits for a gateway that does not answer.</summary>
    public static async Task<GatewayView> StateAsync(GatewayClient client, CancellationToken cancellationToken)
    {
        var asked = TimeProvider.System.GetTimestamp();
        var askedAt = TimeProvider.System.GetUtcNow();
        while (true)
        {
            var view = await GetAsync<GatewayView>(client, "/state", cancellationToken);
            if (view.Now >= askedAt || TimeProvider.System.GetElapsedTime(asked) > _freshness) return view;
            await Task.Delay(_again, cancellationToken);
        }
    }

    public static Task<LinkDetailsView> LinkAsync(GatewayClient client, string peer) =>
        GetAsync<LinkDetailsView>(client, $"/peers/{peer}", Xunit.TestContext.Current.CancellationToken);

    public static Task<InletDetailsView> InletAsync(GatewayClient client, string name) =>
        GetAsync<InletDetailsView>(client, $"/tcp/inlets/{name}", Xunit.TestContext.Current.CancellationToken);

    public static Task<OutletDetailsView> OutletAsync(GatewayClient client, string name) =>
        GetAsync<OutletDetailsView>(client, $"/tcp/outlets/{name}", Xunit.TestContext.Current.CancellationToken);

    /// <summary>Waits until the history has such a change after the given time; gives it.</summary>
    public static async Task<LinkChangeView> UntilAsync(
        GatewayClient client, string peer, LinkState state, LinkCause cause, DateTimeOffset after = default)
    {
        LinkChangeView? found = null;
        IReadOnlyList<LinkChangeView> seen = [];
        try
        {
            await ProcessTest.UntilAsync($"the link to {peer} is {state} with {cause}", async () =>
            {
                seen = (await LinkAsync(client, peer)).History;
                found = seen.FirstOrDefault(change => change.At >= after
                    && change.State == state && change.Cause == LinkView.CodeOf(cause));
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
        ProcessTest.UntilAsync($"the link to {peer} is up", async () => (await LinkAsync(client, peer)).Link.State == LinkState.Up);

    public static async Task RetryAsync(GatewayClient client, string peer)
    {
        using var response = await _http.PostAsync(
            AddressOf(client, $"/peers/{peer}/retry"), null, Xunit.TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private static Uri AddressOf(GatewayClient client, string path) => _gateways.TryGetValue(client, out var gateway)
        ? new Uri(new Uri(gateway.Api), $"{ApiRoot.Path}{path}")
        : throw new InvalidOperationException("Nobody has said to which gateway this client is connected.");

    private static async Task<T> GetAsync<T>(GatewayClient client, string path, CancellationToken cancellationToken)
    {
        var address = AddressOf(client, path);
        while (true)
        {
            try
            {
                using var response = await _http.GetAsync(address, cancellationToken);
                if (response.IsSuccessStatusCode)
                    return (await response.Content.ReadFromJsonAsync<T>(HttpJson.Options, cancellationToken))!;
                // A gateway that starts or stops says so, and one that is asked too often; what else it says is not what the test asked
                // for.
                if (response.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests))
                    throw new InvalidOperationException($"{address}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
            }
            catch (Exception away) when (away is HttpRequestException or IOException)
            {
                // Killed, or not started yet.
            }

            await Task.Delay(_again, cancellationToken);
        }
    }
}
