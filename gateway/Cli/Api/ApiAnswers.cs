using System.Net;
using System.Text.Json;
using Gateway.Http.Answers;

namespace Gateway.Cli.Api;

/// <summary>Reads the answers of the HTTP API; anything else is reported in a sentence.</summary>
internal static class ApiAnswers
{
    /// <summary>Problem details are short; the rest of a longer answer is ignored.</summary>
    private const int ProblemBytesMax = 64 * 1024;

    public static async Task<T> ReadAsync<T>(HttpResponseMessage response, Uri address, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        try
        {
            if (await JsonSerializer.DeserializeAsync<T>(body, HttpJson.Options, cancellationToken) is { } answer) return answer;
        }
        catch (JsonException)
        {
            // Handled like null: it is not an answer of this API.
        }

        throw Foreign(response.StatusCode, address);
    }

    /// <summary>Reads why a request was refused.</summary>
    public static async Task<ApiException> ReadProblemAsync(HttpResponseMessage response, Uri address, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType != Problems.ContentType
            || response.Content.Headers.ContentLength > ProblemBytesMax) return Foreign(response.StatusCode, address);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var bytes = new byte[ProblemBytesMax];
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        try
        {
            if (JsonSerializer.Deserialize<Problem>(bytes.AsSpan(0, length), HttpJson.Options) is
                { Detail: { Length: > 0 } detail, Code: var code })
                return new ApiException(response.StatusCode, ForeignText.Plain(Advise(response.StatusCode, detail)))
                { Code = code ?? "" };
        }
        catch (JsonException)
        {
            // Handled like an empty answer.
        }

        return Foreign(response.StatusCode, address);
    }

    /// <summary>In the words of the command line where the API speaks of its own.</summary>
    private static string Advise(HttpStatusCode status, string detail) => status == HttpStatusCode.Unauthorized
        ? $"{detail} Here it goes into a file, for --token-file, or into the environment variable {ApiConnection.TokenVariable}."
        : detail.Replace($"{ApiRoot.Path}/peers lists", "'gateway peer ls' lists", StringComparison.Ordinal)
            .Replace($"{ApiRoot.Path}/queues lists", "'gateway queue ls' lists", StringComparison.Ordinal);

    private static ApiException Foreign(HttpStatusCode status, Uri address) =>
        new(status, $"The program at {address.GetLeftPart(UriPartial.Authority)} ({(int)status}) is not the HTTP API of a gateway "
            + $"of this version; give the right {ApiConnection.AddressOption}.");

    private sealed record Problem(string? Detail, string? Code);
}
