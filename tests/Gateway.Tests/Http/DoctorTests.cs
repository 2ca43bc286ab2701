using System.Net;
using Gateway.Configuration;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Http;

/// <summary>The doctor over HTTP. What it says of the host depends on the machine, and is not looked at.</summary>
[Kind(Kind.Http)]
public sealed class DoctorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-doctor-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_way_to_a_peer_is_gone_from_the_gateway_with_its_own_links_beside_it()
    {
        await using var api = await TestApi.StartAsync(Configure);

        using var response = await api.PostAsync("/api/v1/peers/billing/doctor");
        var diagnosis = await TestApi.JsonOfAsync(response);

        diagnosis.GetProperty("verdict").GetString().ShouldBe("fault");
        diagnosis.GetProperty("summary").GetArrayLength().ShouldBe(3);
        var findings = diagnosis.GetProperty("findings").EnumerateArray()
            .Select(finding => $"{finding.GetProperty("id").GetString()} {finding.GetProperty("about").GetString()}").ToList();
        findings.ShouldContain("connect 127.0.0.1:9");
        findings.ShouldContain("link billing");
        findings.ShouldContain("configuration ");
    }

    [Fact]
    public async Task Without_a_peer_no_way_is_gone()
    {
        await using var api = await TestApi.StartAsync(Configure);

        using var response = await api.PostAsync("/api/v1/doctor");
        var findings = (await TestApi.JsonOfAsync(response)).GetProperty("findings").EnumerateArray()
            .Select(finding => finding.GetProperty("id").GetString()).ToList();

        findings.ShouldContain("flush");
        findings.ShouldNotContain("connect");
    }

    [Fact]
    public async Task A_second_examination_at_the_same_time_is_refused()
    {
        await using var api = await TestApi.StartAsync(Configure);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => api.PostAsync("/api/v1/doctor")));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBeGreaterThanOrEqualTo(1);
        var refused = answers.First(answer => answer.StatusCode != HttpStatusCode.OK);
        (await TestApi.ProblemOfAsync(refused, HttpStatusCode.Conflict, "doctor-busy")).ShouldContain("Try again");
        foreach (var answer in answers) answer.Dispose();
    }

    [Fact]
    public async Task A_peer_that_is_not_configured_is_not_found()
    {
        await using var api = await TestApi.StartAsync(Configure);

        await TestApi.ProblemOfAsync(await api.PostAsync("/api/v1/peers/nobody/doctor"), HttpStatusCode.NotFound, "not-found");
    }

    private void Configure(GatewayOptions options)
    {
        options.Store.Path = _folder;
        options.Peers["billing"] = new PeerOptions { Address = "tcp://127.0.0.1:9" };
    }
}
