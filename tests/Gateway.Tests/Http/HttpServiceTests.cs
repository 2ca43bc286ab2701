using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Gateway.Configuration;
using Gateway.Http;
using Gateway.Http.Answers;
using Gateway.Management;
using Gateway.Tests.Management;
using Gateway.Transport.Accepting;
using Gateway.Transport.Tls;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Http;

/// <summary>How the service starts and stops, and what it says of itself.</summary>
[Kind(Kind.Http)]
public sealed class HttpServiceTests
{
    [Fact]
    public async Task A_port_that_is_taken_is_named_with_its_key()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";

        var failure = await Should.ThrowAsync<ListenFailedException>(() => TestApi.StartAsync(options => options.Http.Address = address));

        failure.Message.ShouldStartWith($"Cannot listen on {address}");
        failure.Message.ShouldContain("Gateway:Http:Address");
    }

    [Fact]
    public async Task Those_who_come_together_as_the_first_are_all_answered()
    {
        await using var api = await TestApi.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => api.GetAsync("/livez")));

        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_first_caller_that_says_nothing_keeps_nobody_waiting()
    {
        await using var api = await TestApi.StartAsync();
        using var silent = new TcpClient();
        await silent.ConnectAsync(IPEndPoint.Parse(new Uri(api.Service.Address).Authority), TestContext.Current.CancellationToken);

        (await api.GetAsync("/livez")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task It_stops_although_nobody_ever_came()
    {
        var api = await TestApi.StartAsync();
        var address = IPEndPoint.Parse(new Uri(api.Service.Address).Authority);

        await api.DisposeAsync().AsTask().WaitAsync(TestContext.Current.CancellationToken);

        using var again = new TcpListener(address);
        again.Start();
    }

    [Fact]
    public async Task Without_an_address_there_is_no_http()
    {
        var options = new GatewayOptions { Http = new HttpOptions { Address = "" } };
        await using var service = new HttpService(
            new GatewayAccess(new RunningOptions(options), new FakeRunningGateway(null, null), new NoObservers(),
                new NoReload()), TimeProvider.System,
            new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance), NullLoggerFactory.Instance);

        await service.StartingAsync(TestContext.Current.CancellationToken);
        await service.StopAsync(TestContext.Current.CancellationToken);

        service.Address.ShouldBeEmpty();
    }

    [Fact]
    public async Task With_a_certificate_it_speaks_tls()
    {
        var folder = Directory.CreateTempSubdirectory("http-tls-").FullName;
        try
        {
            var certificates = new CertificateFolder(folder);
            var maker = new CertificateMaker(TimeProvider.System);
            certificates.Write(CertificateFolder.Authority, maker.NewAuthority());
            using (var authority = certificates.Read(CertificateFolder.Authority))
            using (var own = maker.NewGateway("shop", authority, TimeSpan.FromDays(2)))
                certificates.Write("shop", own);
            await using var api = await TestApi.StartAsync(options =>
            {
                options.Http.Address = "https://127.0.0.1:0";
                options.Http.Tls = new HttpTlsOptions
                { CertificatePath = certificates.CertificatePath("shop"), KeyPath = certificates.KeyPath("shop") };
            });
            X509Certificate? shown = null;
            using var client = new HttpClient(new SocketsHttpHandler
            {
                SslOptions = new SslClientAuthenticationOptions
                {
                    RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    {
                        shown = certificate;
                        return true;
                    },
                },
            });

            (await client.GetAsync(new Uri($"{api.Service.Address}/livez"), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(
                HttpStatusCode.OK);
            shown!.Subject.ShouldContain("shop");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Events_are_told_as_they_happen_until_the_gateway_stops()
    {
        var api = await TestApi.StartAsync();
        using var response = await api.GetAsync("/api/v1/events");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        (await EventAsync(reader))["event"].ShouldBe("alive");

        api.Gateway.Raise(new GatewayEvent(7, FakeManagement.Now, "link", "billing", "down (Refused)"));

        var told = await EventAsync(reader);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        told["event"].ShouldBe("link");
        told["id"].ShouldBe("7");
        var data = JsonDocument.Parse(told["data"]).RootElement;
        data.GetProperty("about").GetString().ShouldBe("billing");
        data.GetProperty("text").GetString().ShouldBe("down (Refused)");

        // It would wait for the stream, if the stream did not end by itself.
        await api.DisposeAsync().AsTask().WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_stream_ends_when_its_token_is_withdrawn_and_another_goes_on()
    {
        const string Withdrawn = "0123456789abcdef-withdrawn";
        const string Kept = "0123456789abcdef-kept";
        await using var api = await TestApi.StartAsync(options => options.Http = Http(Withdrawn, Kept));
        using var ending = await api.GetAsync("/api/v1/events", ("Authorization", $"Bearer {Withdrawn}"));
        using var going = await api.GetAsync("/api/v1/events", ("Authorization", $"Bearer {Kept}"));
        using var endingReader = new StreamReader(await ending.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        using var goingReader = new StreamReader(await going.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        (await EventAsync(endingReader))["event"].ShouldBe("alive");
        (await EventAsync(goingReader))["event"].ShouldBe("alive");

        api.Running.Use(new GatewayOptions { Http = Http(Kept) });

        // Cut, so that nobody takes the end of the stream for the end of the events.
        await Should.ThrowAsync<IOException>(
            endingReader.ReadToEndAsync(TestContext.Current.CancellationToken)
                .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        api.Gateway.Raise(new GatewayEvent(7, FakeManagement.Now, "link", "billing", "down (Refused)"));
        (await EventAsync(goingReader))["event"].ShouldBe("link");
        using var again = await api.GetAsync("/api/v1/state", ("Authorization", $"Bearer {Withdrawn}"));
        again.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        static HttpOptions Http(params string[] tokens) => new()
        {
            Address = "http://127.0.0.1:0",
            Tokens = tokens.ToDictionary(token => token[17..], token => new HttpTokenOptions { Token = token, Roles = ["read"] }),
        };
    }

    [Fact]
    public async Task Who_waits_is_not_left_waiting_when_the_gateway_stops()
    {
        var gateway = new FakeManagement { Hold = new TaskCompletionSource() };
        var api = await TestApi.StartAsync(gateway: gateway);
        var received = api.PostAsync("/api/v1/inbound/bills/receive?wait=60");
        await gateway.Asked.Task.WaitAsync(TestContext.Current.CancellationToken);

        var stopped = api.DisposeAsync().AsTask();

        await Should.ThrowAsync<Exception>(received);
        await stopped.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task The_description_names_every_resource_with_a_summary()
    {
        await using var api = await TestApi.StartAsync();

        var document = await api.GetJsonAsync("/openapi/v1.json");

        document.GetProperty("openapi").GetString().ShouldStartWith("3.");
        var paths = document.GetProperty("paths").EnumerateObject().ToList();
        paths.Select(path => path.Name).ShouldBe(
        [
            "/livez", "/readyz", "/healthz", "/api/v1/state", "/api/v1/fleet", "/api/v1/audit", "/api/v1/peers", "/api/v1/peers/{peer}",
                "/api/v1/peers/{peer}/pause", "/api/v1/peers/{peer}/resume", "/api/v1/peers/{peer}/retry", "/api/v1/peers/{peer}/accept",
                "/api/v1/peers/{peer}/drill", "/api/v1/peers/{peer}/doctor", "/api/v1/doctor",
            "/api/v1/tcp", "/api/v1/tcp/inlets/{name}", "/api/v1/tcp/inlets/{name}/pause",
            "/api/v1/tcp/inlets/{name}/resume", "/api/v1/tcp/outlets/{name}",
            "/api/v1/tcp/outlets/{name}/pause", "/api/v1/tcp/outlets/{name}/resume", "/api/v1/routes",
            "/api/v1/invitations", "/api/v1/invitations/{id}/answer",
            "/api/v1/queues", "/api/v1/queues/{kind}/{name}", "/api/v1/queues/{kind}/{name}/pause", "/api/v1/queues/{kind}/{name}/resume",
            "/api/v1/queues/{kind}/{name}/messages", "/api/v1/queues/{kind}/{name}/messages/scan",
                "/api/v1/queues/{kind}/{name}/messages/{number}",
            "/api/v1/queues/{kind}/{name}/messages/{number}/body", "/api/v1/queues/{kind}/{name}/messages/{number}/trace",
                "/api/v1/messages",
            "/api/v1/dead-letters", "/api/v1/dead-letters/groups", "/api/v1/dead-letters/scan", "/api/v1/dead-letters/{number}",
                "/api/v1/dead-letters/{number}/body", "/api/v1/dead-letters/{number}/trace",
            "/api/v1/operations", "/api/v1/operations/{id}", "/api/v1/operations/{id}/wait", "/api/v1/operations/{id}/cancel",
                "/api/v1/events", "/api/v1/queues/{destination}/messages",
            "/api/v1/inbound/{queue}/receive", "/api/v1/deliveries/{token}/complete", "/api/v1/deliveries/{token}/abandon",
                "/api/v1/deliveries/{token}/reject", "/api/v1/deliveries/{token}/renew", "/api/v1/deliveries/{token}/release",
            "/api/v1/queues/{kind}/{name}/export", "/api/v1/dead-letters/export", "/api/v1/queues/{kind}/{name}/import",
            "/api/v1/configuration/reload", "/api/v1/configuration/difference",
        ], ignoreOrder: true);
        foreach (var operation in paths.SelectMany(path => path.Value.EnumerateObject()))
            operation.Value.GetProperty("summary").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task The_page_takes_everything_from_the_gateway_itself()
    {
        await using var api = await TestApi.StartAsync();

        using var page = await api.GetAsync("/api");
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        page.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        html.ShouldNotContain("//");
        (await api.GetAsync("/api/page.js")).Content.Headers.ContentType!.MediaType.ShouldBe("text/javascript");
        (await api.GetAsync("/api/page.css")).Content.Headers.ContentType!.MediaType.ShouldBe("text/css");
    }

    private static async Task<Dictionary<string, string>> EventAsync(StreamReader reader)
    {
        var fields = new Dictionary<string, string>();
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            fields[line[..colon]] = line[(colon + 1)..].Trim();
        }

        return fields;
    }
}
