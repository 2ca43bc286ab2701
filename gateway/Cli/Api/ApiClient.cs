using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
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
    /// <summary>The event stream sends a sign of life every 15 seconds.</summary>
    private static readonly TimeSpan _silenceMax = TimeSpan.FromSeconds(45);

    /// <summary>Creates an HTTP client for a gateway that speaks plain HTTP and requires no token.</summary>
    public static HttpClient HttpTo(Uri address) =>
        new(new ResetOnConnect(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false }))
        { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Health is also reported with status 503.</summary>
    public Task<Health> ReadHealthAsync(CancellationToken cancellationToken) =>
        AskAsync<Health>(HttpMethod.Get, "/healthz", cancellationToken, isTaken: status => status == HttpStatusCode.ServiceUnavailable);

    public Task<GatewayView> ReadStateAsync(CancellationToken cancellationToken) =>
        GetAsync<GatewayView>($"{ApiRoot.Path}/state", cancellationToken);

    /// <summary>A configuration with faults is answered too; it changes nothing.</summary>
    public Task<ReloadOutcome> ReloadAsync(string why, CancellationToken cancellationToken) =>
        AskAsync<ReloadOutcome>(HttpMethod.Post, $"{ApiRoot.Path}/configuration/reload", cancellationToken,
            JsonContent.Create(new WhyRequest(why), options: HttpJson.Options),
            isTaken: status => status == HttpStatusCode.UnprocessableEntity);

    public Task<ConfigurationDifference> CompareConfigurationAsync(CancellationToken cancellationToken) =>
        GetAsync<ConfigurationDifference>($"{ApiRoot.Path}/configuration/difference", cancellationToken);

    public Task<FleetView> ReadFleetAsync(CancellationToken cancellationToken) =>
        GetAsync<FleetView>($"{ApiRoot.Path}/fleet", cancellationToken);

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
        using var response = await SendAsync(
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
        using var response = await SendAsync(
            HttpMethod.Get, $"{ApiPath.Messages(queue)}/scan{ApiPath.Query(ApiPath.Parts(filter))}", null, timeout, cancellationToken);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        var (found, first) = (0L, new List<EntryView>());
        while (await ReadLineAsync(lines, cancellationToken) is { } line)
        {
            switch (TypeOf(line))
            {
                case ScanEnd.Name:
                    return (found, first);
                case ScanProgress.Name:
                    onProgress(Read<ScanProgress>(line));
                    break;
                case ScanMessage.Name:
                    found++;
                    if (first.Count < firstMax) first.Add(Read<ScanMessage>(line).Message);
                    break;
            }
        }

        throw Gone("before all messages were counted");
    }

    public Task<MessageDetailsView> ReadMessageAsync(QueueId? queue, long number, int previewBytes, CancellationToken cancellationToken) =>
        GetAsync<MessageDetailsView>(
            $"{ApiPath.Messages(queue)}/{ApiPath.Number(number)}{ApiPath.Query(("preview", ApiPath.Number(previewBytes)))}",
            cancellationToken);

    public Task<TraceView> TraceAsync(QueueId? queue, long number, CancellationToken cancellationToken) =>
        GetAsync<TraceView>($"{ApiPath.Messages(queue)}/{ApiPath.Number(number)}/trace", cancellationToken);

    public async Task CopyBodyAsync(QueueId? queue, long number, Stream output, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(
            HttpMethod.Get, $"{ApiPath.Messages(queue)}/{ApiPath.Number(number)}/body", null, timeout, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        try
        {
            await body.CopyToAsync(output, cancellationToken);
        }
        catch (Exception broken) when (broken is HttpRequestException or HttpIOException)
        {
            throw Gone("in the middle of the body");
        }
    }

    public Task<IReadOnlyList<DeadLetterGroupView>> ReadDeadLetterGroupsAsync(CancellationToken cancellationToken) =>
        GetAsync<IReadOnlyList<DeadLetterGroupView>>($"{ApiRoot.Path}/dead-letters/groups", cancellationToken);

    public Task<IReadOnlyList<AuditView>> ReadAuditAsync(CancellationToken cancellationToken) =>
        GetAsync<IReadOnlyList<AuditView>>($"{ApiRoot.Path}/audit", cancellationToken);

    /// <summary>Cannot be cancelled: after an interruption the caller could not tell whether the operation had started.</summary>
    public Task<OperationView> StartAsync(StartRequest request) => AskAsync<OperationView>(HttpMethod.Post,
        $"{ApiRoot.Path}/operations", CancellationToken.None, JsonContent.Create(request, options: HttpJson.Options));

    /// <summary>Waits until the operation ends or the time is over, and returns its state.</summary>
    public async Task<OperationView> WaitAsync(Guid id, TimeSpan wait, CancellationToken cancellationToken)
    {
        var query = ApiPath.Query(("seconds", wait.TotalSeconds.ToString(CultureInfo.InvariantCulture)));
        using var response = await SendAsync(
            HttpMethod.Get, $"{ApiPath.Operation(id)}/wait{query}", null, wait + timeout, cancellationToken);
        return await ApiAnswers.ReadAsync<OperationView>(response, Address, cancellationToken);
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
        SendAsync(
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
        using var response = await SendAsync(
            HttpMethod.Post, $"{ApiPath.Queue(queue)}/import{query}", lines, Timeout.InfiniteTimeSpan, cancellationToken);
        return await ApiAnswers.ReadAsync<ImportView>(response, Address, cancellationToken);
    }

    /// <summary>Returns events as they occur, each with its kind; ends with the gateway.</summary>
    public IAsyncEnumerable<SseItem<EventView>> WatchAsync(CancellationToken cancellationToken) =>
        StreamAsync<EventView>(HttpMethod.Get, $"{ApiRoot.Path}/events", null, cancellationToken);

    /// <summary>Makes an invitation, which lasts until the enumeration is left; returns what comes of it, each with its kind.</summary>
    public IAsyncEnumerable<SseItem<InvitationView>> InviteAsync(InvitationRequest request, CancellationToken cancellationToken) =>
        StreamAsync<InvitationView>(HttpMethod.Post, $"{ApiRoot.Path}/invitations",
            JsonContent.Create(request, options: HttpJson.Options), cancellationToken);

    /// <summary>Answers the gateway that has proved an invitation; false if none waits for it any more.</summary>
    public async Task<bool> AnswerInvitationAsync(Guid id, string fault, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await SendAsync(HttpMethod.Post, $"{ApiRoot.Path}/invitations/{id}/answer",
                JsonContent.Create(new InvitationAnswer(fault), options: HttpJson.Options), timeout, cancellationToken);
            return true;
        }
        catch (ApiException gone) when (gone.Status == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

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

    private async IAsyncEnumerable<SseItem<T>> StreamAsync<T>(
        HttpMethod method, string path, HttpContent? content, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await SendAsync(method, path, content, timeout, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var silent = new CancellationTokenSource(_silenceMax, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silent.Token);
        await using var events = SseParser.Create(body, (_, data) => Read<T>(data)).EnumerateAsync(either.Token)
            .GetAsyncEnumerator(either.Token);
        while (await NextAsync(events, cancellationToken))
        {
            yield return events.Current;
            silent.CancelAfter(_silenceMax);
        }
    }

    private Uri Address => http.BaseAddress!;

    private Task<T> GetAsync<T>(string path, CancellationToken cancellationToken) => AskAsync<T>(HttpMethod.Get, path, cancellationToken);

    private async Task PostAsync(string path, WhyRequest? why, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(
            HttpMethod.Post, path, why is null ? null : JsonContent.Create(why, options: HttpJson.Options), timeout, cancellationToken);
    }

    private async Task<T> AskAsync<T>(HttpMethod method, string path, CancellationToken cancellationToken, HttpContent? content = null,
        Func<HttpStatusCode, bool>? isTaken = null)
    {
        using var response = await SendAsync(method, path, content, timeout, cancellationToken, isTaken);
        try
        {
            return await ApiAnswers.ReadAsync<T>(response, Address, cancellationToken).WaitAsync(timeout, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw Late(timeout);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            throw Gone("in the middle of its answer");
        }
    }

    /// <summary>Returns the response as soon as it begins.</summary>
    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, TimeSpan limit,
        CancellationToken cancellationToken, Func<HttpStatusCode, bool>? isTaken = null)
    {
        using var late = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        using var request = new HttpRequestMessage(method, new Uri(Address, path)) { Content = content };
        try
        {
            var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (response.IsSuccessStatusCode || isTaken?.Invoke(response.StatusCode) == true) return response;
            using (response) throw await ApiAnswers.ReadProblemAsync(response, Address, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Late(limit);
        }
        catch (HttpRequestException failure)
        {
            throw Unreachable(failure);
        }
    }

    /// <summary>Lines of a scan are short, and at least one arrives every quarter of a second.</summary>
    private async Task<string?> ReadLineAsync(StreamReader lines, CancellationToken cancellationToken)
    {
        try
        {
            return await lines.ReadLineAsync(cancellationToken).AsTask().WaitAsync(_silenceMax, time, cancellationToken);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or TimeoutException)
        {
            return null;
        }
    }

    private static async Task<bool> NextAsync<T>(IAsyncEnumerator<SseItem<T>> events, CancellationToken cancellationToken)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException
            || (broken is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    private ApiException Gone(string when) =>
        new(null, $"The connection to {Host} ended {when}: the gateway stops, or was killed. 'gateway status' tells whether it is back.");

    private ApiException Late(TimeSpan limit) => new(null,
        $"The gateway at {Host} did not answer within {Figures.Span(limit)}. Try again, or give it longer with --timeout.");

    private ApiException Unreachable(HttpRequestException failure)
    {
        var why = failure.GetBaseException().Message;
        return failure.HttpRequestError switch
        {
            HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError =>
                new ApiException(null, $"No gateway answers at {Host}: {why}. Start it, or give the right --gateway (Gateway:Http:Address "
                + $"of its configuration). While it is stopped, 'gateway store ls', 'store show' and 'store check' read its files.")
                { NobodyAt = failure.HttpRequestError == HttpRequestError.ConnectionError ? Host : null },
            HttpRequestError.SecureConnectionError => new ApiException(null, Untrusted(why)),
            HttpRequestError.InvalidResponse =>
                new ApiException(
                    null, $"The program at {Host} does not speak HTTP: {why} Give the right --gateway (Gateway:Http:Address)."),
            // So ends a connection to a port of another kind as well: the one for applications, or the one for peers.
            _ => new ApiException(null, $"The program at {Host} ended the connection without an HTTP answer. If this is not the "
                + $"gateway's HTTP API, give the right --gateway (Gateway:Http:Address); if it is, the gateway stopped just then, and "
                + $"'gateway status' tells whether it is back."),
        };
    }

    /// <summary>The system's messages name each fault of the certificate.</summary>
    private string Untrusted(string why)
    {
        if (why.Contains(nameof(SslPolicyErrors.RemoteCertificateNameMismatch), StringComparison.Ordinal))
            return $"The certificate at {Host} is not for this name: give --gateway with one that it has. {why}";
        if (why.Contains("certificate chain", StringComparison.Ordinal))
            return $"The certificate at {Host} is not trusted: give the file of its CA with --ca. {why}";
        return $"The program at {Host} speaks no version of TLS that is supported here: {why}";
    }

    private string Host => Address.GetLeftPart(UriPartial.Authority);

    private static string TypeOf(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("type").GetString() ?? "";
    }

    private T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, HttpJson.Options)
        ?? throw Gone("with something that is no answer");

    private T Read<T>(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<T>(json, HttpJson.Options) ?? throw Gone("with something that is no answer");
}
