using System.Net.Http.Json;
using System.Text.Json;

namespace Gateway.Benchmarks.Intake;

/// <summary>
/// Takes what a step has stored out of a gateway, over its HTTP API: a benchmark of any length stays far below what a queue may hold, and
/// each step finds the same store.
/// </summary>
internal sealed class Emptying(int httpPort) : IDisposable
{
    private readonly HttpClient _http = new()
    {
        BaseAddress = new Uri($"http://127.0.0.1:{httpPort}/api/v1/"),
        Timeout = TimeSpan.FromMinutes(5),
    };

    /// <summary>Purges an outgoing queue; returns when nothing is left of it.</summary>
    public async Task EmptyAsync(string queue, CancellationToken cancellationToken)
    {
        var purge = new { kind = "purge", queue = new { kind = "outgoing", name = queue }, all = true, why = "benchmark" };
        using var started = await _http.PostAsJsonAsync("operations", purge, cancellationToken);
        started.EnsureSuccessStatusCode();
        var operation = await started.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        while (operation.GetProperty("state").GetString() == "running")
        {
            var asked = new Uri($"operations/{operation.GetProperty("id").GetString()}/wait?seconds=60", UriKind.Relative);
            operation = await _http.GetFromJsonAsync<JsonElement>(asked, cancellationToken);
        }

        if (operation.GetProperty("state").GetString() != "done")
            throw new InvalidOperationException($"The queue {queue} was not emptied: {operation.GetProperty("text").GetString()}");
    }

    public void Dispose() => _http.Dispose();
}
