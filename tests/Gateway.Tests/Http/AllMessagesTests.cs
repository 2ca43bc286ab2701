using System.Net;
using System.Text.Json;
using Gateway.Management;
using Gateway.Store.Browsing;
using Gateway.Store.Messages;
using Gateway.Tests.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Http;

/// <summary>One listing through several queues; the fake gateway has the same messages in each.</summary>
[Kind(Kind.Http)]
public sealed class AllMessagesTests
{
    private const string All = "/api/v1/messages";

    [Fact]
    public async Task Messages_of_all_queues_come_page_by_page_queue_by_queue()
    {
        await using var api = await StartAsync();
        var (found, after) = (new List<string>(), "");
        do
        {
            var page = await api.GetJsonAsync($"{All}?limit=3{(after.Length > 0 ? $"&after={Uri.EscapeDataString(after)}" : "")}");
            page.GetProperty("messages").GetArrayLength().ShouldBeInRange(0, 3);
            found.AddRange(NamesOf(page));
            after = page.TryGetProperty("next", out var next) ? next.GetString()! : "";
        }
        while (after.Length > 0);

        found.ShouldBe([.. Numbers("invoices@billing"), .. Numbers("orders@billing"), .. Numbers("orders@far"), .. Numbers("bills")]);

        static IEnumerable<string> Numbers(string queue) => Enumerable.Range(1, 4).Select(number => $"{queue} {number}");
    }

    [Theory]
    [InlineData("peer=billing&limit=1000", "invoices@billing", "orders@billing")]
    [InlineData("queue=orders", "orders@billing", "orders@far")]
    [InlineData("queue=orders@far", "orders@far")]
    [InlineData("kind=inbound", "bills")]
    [InlineData("kind=inbound&peer=billing")]
    [InlineData("queue=nothing")]
    public async Task Queues_are_chosen_by_kind_name_and_peer(string query, params string[] queues)
    {
        await using var api = await StartAsync();

        NamesOf(await api.GetJsonAsync($"{All}?{query}")).Select(name => name.Split(' ')[0]).Distinct().ShouldBe(queues);
    }

    [Theory]
    [InlineData("state=leased", "2")]
    [InlineData("state=waiting&header=k:v", "1")]
    [InlineData("id=00000000-0000-7000-8000-000000000004", "4")]
    [InlineData("acceptedBefore=2026-11-22T12:00:00.002Z", "1")]
    public async Task Messages_are_found_in_them_by_filter_and_state(string query, string number)
    {
        await using var api = await StartAsync();

        NamesOf(await api.GetJsonAsync($"{All}?queue=orders@far&{query}")).ShouldBe([$"orders@far {number}"]);
    }

    [Fact]
    public async Task A_queue_lists_by_state_too_and_says_how_each_stands()
    {
        await using var api = await StartAsync();
        const string Orders = "/api/v1/queues/outgoing/orders@billing/messages";

        (await api.GetJsonAsync($"{Orders}?state=leased")).GetProperty("messages").EnumerateArray().Single().GetProperty("state")
            .GetString().ShouldBe("leased");
        (await api.GetJsonAsync($"{Orders}?limit=1")).GetProperty("messages")[0].GetProperty("state").GetString().ShouldBe("waiting");
        (await TestApi.LinesOfAsync(await api.GetAsync($"{Orders}/scan?state=waiting")))[^1].GetProperty("found").GetInt32().ShouldBe(3);
        (await TestApi.LinesOfAsync(await api.GetAsync("/api/v1/queues/outgoing/orders@billing/export?state=leased")))[^1]
            .GetProperty("messages").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_cursor_at_a_queue_that_is_gone_goes_on_with_the_next_one()
    {
        await using var api = await StartAsync();

        NamesOf(await api.GetJsonAsync($"{All}?after=outgoing/orders@elsewhere/900&limit=1")).ShouldBe(["orders@far 1"]);
    }

    [Theory]
    [InlineData(All + "?after=17")]
    [InlineData(All + "?after=outgoing/orders@billing/-1")]
    [InlineData(All + "?after=sideways/orders/1")]
    [InlineData(All + "?limit=0")]
    [InlineData(All + "?kind=x")]
    [InlineData(All + "?state=bored")]
    [InlineData(All + "?reason=expired")]
    [InlineData("/api/v1/dead-letters?state=waiting")]
    public async Task What_cannot_be_answered_is_a_problem(string path)
    {
        await using var api = await StartAsync();

        await TestApi.ProblemOfAsync(await api.GetAsync(path), HttpStatusCode.BadRequest, "bad-request");
    }

    private static Task<TestApi> StartAsync()
    {
        var gateway = new FakeManagement();
        gateway.State = gateway.State with
        {
            Queues = [.. new[] { FakeManagement.Bills, QueueId.Outgoing("orders", "far"),
            FakeManagement.Orders, QueueId.Outgoing("invoices", "billing") }.Select(Queue)]
        };
        gateway.Add("a", """{"k":"v"}""");
        gateway.Add("b", """{"k":"v"}""");
        gateway.Add("c");
        gateway.Add("d");
        gateway.States[2] = MessageState.Leased;
        return TestApi.StartAsync(gateway: gateway);
    }

    private static QueueSummary Queue(QueueId id) => new() { Id = id, Messages = 4, Bytes = 4, Head = 1, Tail = 4 };

    private static List<string> NamesOf(JsonElement page) =>
        [.. page.GetProperty("messages").EnumerateArray().Select(
            message => $"{message.GetProperty("queue").GetProperty("name").GetString()} {message.GetProperty("number").GetInt64()}")];
}
