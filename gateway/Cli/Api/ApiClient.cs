using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using Gateway.Http.Answers;
using Gateway.Http.Resources;
using Gateway.Http.Transfer;
using Gateway.Http.Views;
using Gateway.Links.Protocol;
using Gateway.Management;
using Gateway.Store.Browsing;
using Gateway.Store.Messages;

namespace Gateway.Cli.Api;

/// <summary>A client of a running gateway's HTTP API, for one caller at a time.</summary>
/// <param name="http">Has the address and the token, but no time-out.</param>
/// <param name="timeout">The time within which each answer must begin, unless the request waits.</param>
/// <exception cref="ApiException">Thrown by each method when the gateway does not answer, or refuses.</exception>
internal sealed class ApiClient(HttpClient http, TimeSpan timeout, TimeProvider time)
{
    private readonly ApiExchange _api = new(http, timeout, time);

    /// <summary>Creates an HTTP client for a gateway that speaks plain HTTP and requires no token.</summary>
    public static HttpClient HttpTo(Uri address) =>
        new(new ResetOnConnect(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false }))
        { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Health is also reported with status 503.</summary>
    public Task<Health> ReadHealthAsync(CancellationToken cancellationToken) =>
        _api.AskAsync<Health>(HttpMethod.Get, "/healthz", cancellationToken,
            isTaken: status => status == HttpStatusCode.ServiceUnavailable);

    public Task<GatewayView> ReadStateAsync(CancellationToken cancellationToken) =>
        GetAsync<GatewayView>($"{ApiRoot.Path}/state", cancellationToken);

    /// <summary>A configuration with faults is answered too; it changes nothing.</summary>
    public Task<ReloadOutcome> ReloadAsync(string why, CancellationToken cancellationToken) =>
        _api.AskAsync<ReloadOutcome>(HttpMethod.Post, $"{ApiRoot.Path}/configuration/reload", cancellationToken,
            JsonContent.Create(new WhyRequest(why), options: HttpJson.Options),
            isTaken: status => status == HttpStatusCode.UnprocessableEntity);

    public Task<ConfigurationDifference> CompareConfigurationAsync(CancellationToken cancellationToken) =>
        GetAsync<ConfigurationDifference>($"{ApiRoot.Path}/configuration/difference", cancellationToken);

    public Task<FleetView> ReadFleetAsync(CancellationToken cancellationToken) =>
        GetAsync<FleetView>($"{ApiRoot.Path}/fleet", cancellationToken);

    public Task<RoutesView> ReadRoutesAsync(CancellationToken cancellationToken) =>
        GetAsync<RoutesView>($"{ApiRoot.Path}/routes", cancellationToken);

    public Task<TcpView> ReadTcpAsync(CancellationToken cancellationToken) =>
        GetAsync<TcpView>($"{ApiRoot.Path}/tcp", cancellationToken);

    /// <summary>The inlet and the outlet of this name; refused if there is neither.</summary>
    public async Task<ShownTcp> ReadTcpAsync(string name, CancellationToken cancellationToken)
    {
        var inlet = await FindAsync<InletDetailsView>(ApiPath.Inlet(name), cancellationToken);
        // The refusal of the last one is the answer.
        return inlet is null ? new ShownTcp(null, await GetAsync<OutletDetailsView>(ApiPath.Outlet(name), cancellationToken))
            : new ShownTcp(inlet, await FindAsync<OutletDetailsView>(ApiPath.Outlet(name), cancellationToken));
    }

    public Task<IReadOnlyList<LinkView>> ReadPeersAsync(CancellationToken cancellationToken) =>
        GetAsync<IReadOnlyList<LinkView>>($"{ApiRoot.Path}/peers", cancellationToken);

    public Task<LinkDetailsView> ReadPeerAsync(string peer, CancellationToken cancellationToken) =>
        GetAsync<LinkDetailsView>(ApiPath.Peer(peer), cancellationToken);

    public Task PauseInletAsync(string inlet, string why, CancellationToken cancellationToken) =>
        PostAsync($"{ApiPath.Inlet(inlet)}/pause", new WhyRequest(why), cancellationToken);

    public Task ResumeInletAsync(string inlet, CancellationToken cancellationToken) =>
        PostAsync($"{ApiPath.Inlet(inlet)}/resume", null, cancellationToken);

    public Task PauseOutletAsync(string outlet, string why, CancellationToken cancellationToken) =>
        PostAsync($"{ApiPath.Outlet(outlet)}/pause", new WhyRequest(why), cancellationToken);

    public Task ResumeOutletAsync(string outlet, CancellationToken cancellationToken) =>
        PostAsync($"{ApiPath.Outlet(outlet)}/resume", null, cancellationToken);

    public Task PausePeerAsync(string peer, string why, CancellationToken cancellationToken) =>
        PostAsync($"{ApiPath.Peer(peer)}/pause", new WhyRequest(why), cancellationToken);

    public Task ResumePeerAsync(string peer, CancellationToken cancellationToken) =>
        PostAsync($"{ApiPath.Peer(peer)}/resume", null, cancellationToken);

    public Task RetryPeerAsync(string peer, CancellationToken cancellationToken) =>
        PostAsync($"{ApiPath.Peer(peer)}/retry", null, cancellationToken);

    public Task AcceptPeerAsync(string peer, CancellationToken cancellationToken) =>
        PostAsync($"{ApiPath.Peer(peer)}/accept", null, cancellationToken);

    public async Task DrillPeerAsync(string peer, DrillKind kind, TimeSpan stall, CancellationToken cancellationToken)
    {
        var drill = new DrillRequest { Kind = kind, Seconds = kind == DrillKind.Stall ? stall.TotalSeconds : null };
        using var response = await _api.SendAsync(
            HttpMethod.Post, $"{ApiPath.Peer(peer)}/drill", JsonContent.Create(drill, options: HttpJson.Options), timeout,
                cancellationToken);
    }

    /// <summary>Returns a page, which may be empty although it is not the last one.</summary>
    /// <param name="kind">Null for both.</param>
    /// <param name="peer">Null for the queues of all peers.</param>
    public Task<QueuesPage> ReadQueuesAsync(QueueKind? kind, string? peer, long after, int limit, CancellationToken cancellationToken) =>
        GetAsync<QueuesPage>(
            $"{ApiRoot.Path}/queues"
                + ApiPath.Query(
                    ("kind", ApiPath.Word(kind)), ("peer", peer), ("after", ApiPath.Number(after)), ("limit", ApiPath.Number(limit))),
            cancellationToken);

    public Task<QueueView> ReadQueueAsync(QueueId queue, CancellationToken cancellationToken) =>
        GetAsync<QueueView>(ApiPath.Queue(queue), cancellationToken);

    public Task PauseQueueAsync(QueueId queue, string why, CancellationToken cancellationToken) =>
        PostAsync($"{ApiPath.Queue(queue)}/pause", new WhyRequest(why), cancellationToken);

    public Task ResumeQueueAsync(QueueId queue, CancellationToken cancellationToken) =>
        PostAsync($"{ApiPath.Queue(queue)}/resume", null, cancellationToken);

    /// <summary>Returns a page, which may be empty although it is not the last one.</summary>
    /// <param name="queue">Null for the dead letters.</param>
    /// <param name="state">Null for all.</param>
    public Task<MessagePage> ReadMessagesAsync(
        QueueId? queue, FilterRequest? filter, MessageState? state, long after, int limit, CancellationToken cancellationToken) =>
        GetAsync<MessagePage>(
            ApiPath.Messages(queue)
                + ApiPath.Query(
                [
                    .. ApiPath.Parts(filter), ("state", ApiPath.Word(state)), ("after", ApiPath.Number(after)),
                    ("limit", ApiPath.Number(limit)),
                ]),
            cancellationToken);

    /// <summary>Returns a page of the messages of several queues, which may be empty although it is not the last one.</summary>
    public Task<AllMessagesPage> ReadAllMessagesAsync(
        QueueChoice queues, FilterRequest? filter, MessageState? state, string? after, int limit, CancellationToken cancellationToken) =>
        GetAsync<AllMessagesPage>(
            $"{ApiRoot.Path}/messages"
                + ApiPath.Query(
                [
                    .. queues.Parts(), .. ApiPath.Parts(filter), ("state", ApiPath.Word(state)), ("after", after),
                    ("limit", ApiPath.Number(limit)),
                ]),
            cancellationToken);

    /// <summary>Counts the matching messages and returns the first of them.</summary>
    /// <param name="onProgress">Reports progress from time to time.</param>
    public async Task<(long Messages, IReadOnlyList<EntryView> First)> CountAsync(
        QueueId? queue, FilterRequest filter, int firstMax, Action<ScanProgress> onProgress, CancellationToken cancellationToken)
    {
        using var response = await _api.SendAsync(
            HttpMethod.Get, $"{ApiPath.Messages(queue)}/scan{ApiPath.Query(ApiPath.Parts(filter))}", null, timeout, cancellationToken);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        var (found, first) = (0L, new List<EntryView>());
        while (await _api.ReadLineAsync(lines, cancellationToken) is { } line)
        {
            switch (ApiExchange.TypeOf(line))
            {
                case ScanEnd.Name:
                    return (found, first);
                case ScanProgress.Name:
                    onProgress(_api.Read<ScanProgress>(line));
                    break;
                case ScanMessage.Name:
                    found++;
                    if (first.Count < firstMax) first.Add(_api.Read<ScanMessage>(line).Message);
                    break;
            }
        }

        throw _api.Gone("before all messages were counted");
    }

    public Task<MessageDetailsView> ReadMessageAsync(QueueId? queue, long number, int previewBytes, CancellationToken cancellationToken) =>
        GetAsync<MessageDetailsView>(
            $"{ApiPath.Messages(queue)}/{ApiPath.Number(number)}{ApiPath.Query(("preview", ApiPath.Number(previewBytes)))}",
            cancellationToken);

    public Task<TraceView> TraceAsync(QueueId? queue, long number, CancellationToken cancellationToken) =>
        GetAsync<TraceView>($"{ApiPath.Messages(queue)}/{ApiPath.Number(number)}/trace", cancellationToken);

    public async Task CopyBodyAsync(QueueId? queue, long number, Stream output, CancellationToken cancellationToken)
    {
        using var response = await _api.SendAsync(
            HttpMethod.Get, $"{ApiPath.Messages(queue)}/{ApiPath.Number(number)}/body", null, timeout, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        try
        {
            await body.CopyToAsync(output, cancellationToken);
        }
        catch (Exception broken) when (broken is HttpRequestException or HttpIOException)
        {
            throw _api.Gone("in the middle of the body");
        }
    }

    public Task<IReadOnlyList<DeadLetterGroupView>> ReadDeadLetterGroupsAsync(CancellationToken cancellationToken) =>
        GetAsync<IReadOnlyList<DeadLetterGroupView>>($"{ApiRoot.Path}/dead-letters/groups", cancellationToken);

    public Task<IReadOnlyList<AuditView>> ReadAuditAsync(CancellationToken cancellationToken) =>
        GetAsync<IReadOnlyList<AuditView>>($"{ApiRoot.Path}/audit", cancellationToken);

    /// <summary>Cannot be cancelled: after an interruption the caller could not tell whether the operation had started.</summary>
    public Task<OperationView> StartAsync(StartRequest request) => _api.AskAsync<OperationView>(HttpMethod.Post,
        $"{ApiRoot.Path}/operations", CancellationToken.None, JsonContent.Create(request, options: HttpJson.Options));

    /// <summary>Waits until the operation ends or the time is over, and returns its state.</summary>
    public async Task<OperationView> WaitAsync(Guid id, TimeSpan wait, CancellationToken cancellationToken)
    {
        var query = ApiPath.Query(("seconds", wait.TotalSeconds.ToString(CultureInfo.InvariantCulture)));
        using var response = await _api.SendAsync(
            HttpMethod.Get, $"{ApiPath.Operation(id)}/wait{query}", null, wait + timeout, cancellationToken);
        return await ApiAnswers.ReadAsync<OperationView>(response, _api.Address, cancellationToken);
    }

    /// <summary>Cancels an operation; one that has already ended is left as it is.</summary>
    public async Task CancelAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            await PostAsync($"{ApiPath.Operation(id)}/cancel", null, cancellationToken);
        }
        catch (ApiException ended) when (ended.Status == HttpStatusCode.Conflict)
        {
            // The operation ended before the request arrived; its result is read next.
        }
    }

    /// <summary>Returns the lines of an export; the caller disposes the response.</summary>
    /// <param name="queue">Null for the dead letters.</param>
    public Task<HttpResponseMessage> ExportAsync(QueueId? queue, FilterRequest? filter, long after, CancellationToken cancellationToken) =>
        _api.SendAsync(
            HttpMethod.Get,
            (queue is { } id ? ApiPath.Queue(id) : ApiPath.Messages(null))
                + "/export"
                + ApiPath.Query([.. ApiPath.Parts(filter), ("after", ApiPath.Number(after))]),
            null, timeout, cancellationToken);

    public async Task<ImportView> ImportAsync(
        QueueId queue, HttpContent lines, bool newIds, long skip, bool checkOnly, CancellationToken cancellationToken)
    {
        var query = ApiPath.Query(("ids", newIds ? "new" : "keep"), ("skip", ApiPath.Number(skip)),
            ("checkOnly", checkOnly ? "true" : "false"));
        using var response = await _api.SendAsync(
            HttpMethod.Post, $"{ApiPath.Queue(queue)}/import{query}", lines, Timeout.InfiniteTimeSpan, cancellationToken);
        return await ApiAnswers.ReadAsync<ImportView>(response, _api.Address, cancellationToken);
    }

    /// <summary>Returns events as they occur, each with its kind; ends with the gateway.</summary>
    public IAsyncEnumerable<SseItem<EventView>> WatchAsync(CancellationToken cancellationToken) =>
        _api.StreamAsync<EventView>(HttpMethod.Get, $"{ApiRoot.Path}/events", null, cancellationToken);

    /// <summary>Makes an invitation, which lasts until the enumeration is left; returns what comes of it, each with its kind.</summary>
    public IAsyncEnumerable<SseItem<InvitationView>> InviteAsync(InvitationRequest request, CancellationToken cancellationToken) =>
        _api.StreamAsync<InvitationView>(HttpMethod.Post, $"{ApiRoot.Path}/invitations",
            JsonContent.Create(request, options: HttpJson.Options), cancellationToken);

    /// <summary>Answers the gateway that has proved an invitation; false if none waits for it any more.</summary>
    public async Task<bool> AnswerInvitationAsync(Guid id, string fault, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _api.SendAsync(HttpMethod.Post, $"{ApiRoot.Path}/invitations/{id}/answer",
                JsonContent.Create(new InvitationAnswer(fault), options: HttpJson.Options), timeout, cancellationToken);
            return true;
        }
        catch (ApiException gone) when (gone.Status == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    private Task<T> GetAsync<T>(string path, CancellationToken cancellationToken) =>
        _api.AskAsync<T>(HttpMethod.Get, path, cancellationToken);

    /// <summary>Null if there is no such resource.</summary>
    private async Task<T?> FindAsync<T>(string path, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await GetAsync<T>(path, cancellationToken);
        }
        catch (ApiException gone) when (gone.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task PostAsync(string path, WhyRequest? why, CancellationToken cancellationToken)
    {
        using var response = await _api.SendAsync(
            HttpMethod.Post, path, why is null ? null : JsonContent.Create(why, options: HttpJson.Options), timeout, cancellationToken);
    }
}
