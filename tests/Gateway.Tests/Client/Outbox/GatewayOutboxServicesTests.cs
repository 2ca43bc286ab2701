using Gateway.Client.Hosting;
using Gateway.Client.Outbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;
using static Gateway.Tests.Client.Hosting.GatewayClientServicesTests;
using static Gateway.Tests.Crash.ProcessTest;

namespace Gateway.Tests.Client.Outbox;

/// <summary>Outbox and inbox in a host.</summary>
public sealed class GatewayOutboxServicesTests : OutboxBenchTest
{
    [Fact]
    public async Task AHost_RelaysWhileItRuns_AndEndsInAnOrderlyWay()
    {
        await Bench.WriteAsync(Token, "orders@billing", "1");
        using var host = HostWith(services =>
        {
            services.AddSingleton(Bench.Source);
            services.AddGatewayClient(client => client.Address = Bench.Address);
            services.AddGatewayOutbox(outbox => outbox.Dialect = OutboxDialect.Sqlite);
            services.AddGatewayInbox(inbox => inbox.Dialect = OutboxDialect.Sqlite);
        });

        await host.StartAsync(Token);
        await UntilAsync("it is sent", () => Bench.Taken.Count == 1);
        host.Services.GetRequiredService<GatewayOutbox>().NotificationChannel.ShouldBe("gateway_outbox");
        host.Services.GetRequiredService<GatewayInbox>().SchemaScript.ShouldContain("gateway_inbox");
        await host.StopAsync(Token);

        await Bench.WriteAsync(Token, "orders@billing", "2");
        Bench.Relay();
        await UntilAsync("another relay is active", () => Bench.Taken.Contains("orders@billing 2"));
    }

    [Fact]
    public async Task AHost_WithSections_RelaysByThem()
    {
        await Bench.WriteAsync(Token, "orders@billing", "1");
        using var host = HostWith(services =>
        {
            services.AddSingleton(Bench.Source);
            services.AddGatewayClient(client => client.Address = Bench.Address);
            services.AddGatewayOutbox(Section(
                ("Dialect", "sqlite"), ("Table", "gateway_outbox"), ("notify", "False"), ("BatchMessagesMax", "7"),
                ("PollInterval", "00:00:00.02")));
            services.AddGatewayInbox(Section(("Dialect", "Sqlite"), ("Age", "14.00:00:00")));
        });

        await host.StartAsync(Token);
        await UntilAsync("it is sent", () => Bench.Taken.Count == 1);
        var outbox = host.Services.GetRequiredService<IOptions<OutboxOptions>>().Value;
        (outbox.Dialect, outbox.Notify, outbox.BatchMessagesMax, outbox.PollInterval)
            .ShouldBe((OutboxDialect.Sqlite, false, 7, TimeSpan.FromMilliseconds(20)));
        var inbox = host.Services.GetRequiredService<IOptions<InboxOptions>>().Value;
        (inbox.Dialect, inbox.Age).ShouldBe((OutboxDialect.Sqlite, TimeSpan.FromDays(14)));
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task AHost_WithWrongSections_DoesNotStart_AndTellsEachKeyAndWhatToWriteThere()
    {
        using var unreadable = HostWith(services => services.AddGatewayOutbox(
            Section(
                ("BatchMessagesMax", "many"), ("DataSource", "shop.db"), ("Dialect", "MySql"), ("Notify", "yes"), ("PollInterval", "soon"),
                ("Tabel", "x"), ("Table:Name", "x")),
            relay: false));
        using var invalid = HostWith(
            services => services.AddGatewayOutbox(Section(("PollInterval", "00:00:00"), ("Table", "")), relay: false));
        using var reader = HostWith(services => services.AddGatewayInbox(Section(("Notify", "true"))));

        (await FailuresAsync(unreadable)).ShouldBe(
        [
            "Gateway:BatchMessagesMax 'many' is not a whole number.",
            "Gateway:DataSource is no option that a configuration can have: it has Dialect, Table, Notify, PollInterval, BatchMessagesMax, "
                + "BatchBytesMax, RetryDelay, RetryDelayMax.",
            "Gateway:Dialect 'MySql' is not one of PostgreSql, Sqlite, SqlServer.",
            "Gateway:Notify 'yes' is not true or false.",
            "Gateway:PollInterval 'soon' is not a time as 00:00:01.5.",
            "Gateway:Tabel is no option that a configuration can have: it has Dialect, Table, Notify, PollInterval, BatchMessagesMax, "
                + "BatchBytesMax, RetryDelay, RetryDelayMax.",
            "Gateway:Table '' is not a text.",
        ]);
        (await FailuresAsync(invalid)).ShouldBe(
        [
            "Gateway:Table '' is not a name of letters, digits and underscores, behind a schema and a dot if wanted.",
            "Gateway:PollInterval 00:00:00 is not between 10 ms and 1 h.",
        ]);
        (await FailuresAsync(reader)).ShouldBe(
            ["Gateway:Notify is no option that a configuration can have: it has Dialect, Table, Age, CleanInterval."]);
    }

    [Fact]
    public async Task AProcessThatOnlyWrites_NeedsNoClient()
    {
        using var host = HostWith(services => services.AddGatewayOutbox(_ => { }, relay: false));

        await host.StartAsync(Token);
        host.Services.GetService<GatewayOutbox>().ShouldNotBeNull();
        host.Services.GetService<OutboxRelay>().ShouldBeNull();
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task AHost_WithWrongOptions_DoesNotStart()
    {
        using var writer = HostWith(services => services.AddGatewayOutbox(outbox => outbox.Table = "", relay: false));
        using var reader = HostWith(services => services.AddGatewayInbox(inbox => inbox.Table = ""));

        await Should.ThrowAsync<OptionsValidationException>(() => writer.StartAsync(Token));
        await Should.ThrowAsync<OptionsValidationException>(() => reader.StartAsync(Token));
    }

    private static async Task<IEnumerable<string>> FailuresAsync(IHost host) =>
        (await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync(Token))).Failures;

    private static IHost HostWith(Action<IServiceCollection> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        configure(builder.Services);
        return builder.Build();
    }
}
