using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Configuration;
using Gateway.Http;
using Gateway.Http.Answers;
using Gateway.Tests.Management;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Http;

/// <summary>The HTTP API on a port that the system chose, before a fake gateway, and a client of it. For one test.</summary>
internal sealed class TestApi : IAsyncDisposable
{
    private readonly HttpService _service;

    private TestApi(HttpService service, FakeManagement gateway, RunningOptions running)
    {
        Running = running;
        _service = service;
        Gateway = gateway;
        Client = new HttpClient { BaseAddress = new Uri(service.Address) };
    }

    public FakeManagement Gateway { get; }

    public RunningOptions Running { get; }

    public HttpClient Client { get; }

    public HttpService Service => _service;

    /// <param name="step">By how much the time goes on at each look: by nothing unless told, so that no page ends early.</param>
    public static async Task<TestApi> StartAsync(
        Action<GatewayOptions>? configure = null, FakeManagement? gateway = null, bool isStarting = false, string? failure = null,
        string? standby = null, TimeSpan step = default)
    {
        var options = new GatewayOptions { Name = "shop" };
        options.Http.Address = "http://127.0.0.1:0";
        configure?.Invoke(options);
        gateway ??= new FakeManagement();
        var running = new RunningOptions(options);
        var service = new HttpService(
            new GatewayAccess(running, new FakeRunningGateway(isStarting ? null : gateway, failure) { Standby = standby },
                new NoObservers(), new NoReload()),
            new SteppingTime(step),
            new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance), NullLoggerFactory.Instance);
        await service.StartingAsync(TestContext.Current.CancellationToken);
        return new TestApi(service, gateway, running);
    }

    /// <summary>A request as a browser or a hostile program might write it.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue(name);
        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, null, headers);

    public Task<HttpResponseMessage> PostAsync(string path, HttpContent? content = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, content, headers);

    public async Task<JsonElement> GetJsonAsync(string path)
    {
        using var response = await GetAsync(path);
        return await JsonOfAsync(response);
    }

    public static async Task<JsonElement> JsonOfAsync(HttpResponseMessage response, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(expected, text);
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Checks that the answer is a problem of this kind; gives its detail.</summary>
    public static async Task<string> ProblemOfAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var problem = await JsonOfAsync(response, status);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        problem.GetProperty("status").GetInt32().ShouldBe((int)status);
        problem.GetProperty("code").GetString().ShouldBe(code);
        problem.GetProperty("type").GetString().ShouldBe($"urn:gateway:problem:{code}");
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        var detail = problem.GetProperty("detail").GetString();
        detail.ShouldNotBeNullOrEmpty();
        return detail;
    }

    public static async Task<List<JsonElement>> LinesOfAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _service.StopAsync(CancellationToken.None);
        await _service.DisposeAsync();
    }
}
