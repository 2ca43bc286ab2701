using System.Net;
using System.Text;
using CsCheck;
using Gateway.Client.Wire;
using Gateway.Tests.Intake;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Http;

/// <summary>Each message that comes in over HTTP can pass all other doors and reach a consumer.</summary>
[Kind(Kind.Http)]
public sealed class HttpDoorTests
{
    [Fact]
    public async Task AMessageThatHttpTakes_PassesEveryOtherDoor()
    {
        await using var api = await TestApi.StartAsync(options => options.Intake.HeadersBytesMax = DoorsTests.HeadersBytesMax);
        var (taken, refused) = (0, 0);
        await DoorsTests.Items.SampleAsync(
            async item =>
            {
                api.Gateway.Enqueued.Clear();
                using var answer = await SendAsync(api, item);
                if (answer.StatusCode != HttpStatusCode.Accepted)
                {
                    ((int)answer.StatusCode).ShouldBeInRange(400, 499);
                    refused++;
                    return;
                }

                var bench = new IntakeBench(new WireLimits { HeadersBytesMax = DoorsTests.HeadersBytesMax }).Hello();
                bench.Send(api.Gateway.Enqueued.Single());
                if (bench.Take().Single() is Reply.Rejected)
                {
                    refused++;
                    return;
                }

                taken++;
                DoorsTests.PassesEveryDoor(bench.Placed.Single().Message.Message);
            },
            iter: 200, threads: 1);

        taken.ShouldBeGreaterThan(0);
        refused.ShouldBeGreaterThan(0);
    }

    /// <summary>Other characters than ASCII are written as escapes, as the API asks for.</summary>
    private static Task<HttpResponseMessage> SendAsync(TestApi api, EnqueueItem item)
    {
        var headers = string.Concat(Encoding.UTF8.GetString(item.Headers.Span)
            .Select(character => character is < ' ' or > '~' ? $"\\u{(int)character:x4}" : character.ToString()));
        List<(string Name, string Value)> with = [("Message-Headers", headers)];
        if (item.Id is { } id) with.Add(("Idempotency-Key", id.ToString()));
        var expires = item.ExpiresUnixMs == 0 ? ""
            : $"?expiresAt={Uri.EscapeDataString(DateTimeOffset.FromUnixTimeMilliseconds(item.ExpiresUnixMs).ToString("O"))}";
        return api.PostAsync($"/api/v1/queues/orders@there/messages{expires}", new ByteArrayContent(item.Body.ToArray()), [.. with]);
    }
}
