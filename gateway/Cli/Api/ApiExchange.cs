using System.Net;
using System.Net.Security;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Gateway.Http.Answers;

namespace Gateway.Cli.Api;

/// <summary>Sends requests to a gateway's HTTP API, reads the answers, and says in a sentence why there is none.</summary>
/// <param name="http">Has the address and the token, but no time-out.</param>
/// <param name="timeout">The time within which each answer must begin, unless the request waits.</param>
/// <exception cref="ApiException">Thrown by each method when the gateway does not answer, or refuses.</exception>
internal sealed class ApiExchange(HttpClient http, TimeSpan timeout, TimeProvider time)
{
    /// <summary>The event stream sends a sign of life every 15 seconds.</summary>
    private static readonly TimeSpan _silenceMax = TimeSpan.FromSeconds(45);

    public Uri Address => http.BaseAddress!;

    /// <summary>Returns events as they occur, each with its kind; ends with the gateway.</summary>
    public async IAsyncEnumerable<SseItem<T>> StreamAsync<T>(
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

    /// <summary>Returns the whole answer.</summary>
    /// <param name="isTaken">Whether an answer with this status, which is no success, is an answer all the same.</param>
    public async Task<T> AskAsync<T>(HttpMethod method, string path, CancellationToken cancellationToken, HttpContent? content = null,
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
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, TimeSpan limit,
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
    public async Task<string?> ReadLineAsync(StreamReader lines, CancellationToken cancellationToken)
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

    /// <summary>The kind of a line of a scan.</summary>
    public static string TypeOf(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("type").GetString() ?? "";
    }

    public T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, HttpJson.Options)
        ?? throw Gone("with something that is no answer");

    /// <summary>The failure of a connection that ended too early.</summary>
    public ApiException Gone(string when) =>
        new(null, $"The connection to {Host} ended {when}: the gateway stops, or was killed. 'gateway status' tells whether it is back.");

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

    private T Read<T>(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<T>(json, HttpJson.Options) ?? throw Gone("with something that is no answer");
}
