using Gateway.Configuration;
using Gateway.Store.Messages;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Configuration;

public sealed class OperatorSettingsTests
{
    [Fact]
    public void Changes_KeepWhatElseTheFileHas()
    {
        var settings = OperatorSettings.Parse("""
            { /* ours */ "gateway": { "Name": "shop", "peers": { "audit": { "Address": "tcp://a:1" } } }, "Logging": { "LogLevel": {} } }
            """);

        settings.SetPeer("billing", "tcp://b:1", "AB");
        settings.SetRoute("orders", ["orders@billing"]);
        settings.RemovePeer("AUDIT");

        var read = OperatorSettings.Parse(settings.ToString());
        (read.HasPeer("billing"), read.HasPeer("audit")).ShouldBe((true, false));
        read.RouteOf("orders").ShouldBe(["orders@billing"]);
        var values = FileValues.Parse("/x.json", settings.ToString());
        values.TryGet("Gateway:Name", out var name).ShouldBeTrue();
        name.ShouldBe("shop");
        values.TryGet("Gateway:Peers:billing:Fingerprint", out var fingerprint).ShouldBeTrue();
        fingerprint.ShouldBe("AB");
        values.TryGet("Logging:LogLevel", out _).ShouldBeTrue();
    }

    [Fact]
    public void Spread_IsWrittenBesideItsRoute_AndGoesWithIt()
    {
        var settings = OperatorSettings.Parse(null);
        settings.SetRoute("orders", ["orders@a", "orders@b"]);
        settings.SetSpread("orders", RouteMode.Partition, "customer");
        Value(settings, "Mode").ShouldBe("Partition");
        Value(settings, "Header").ShouldBe("customer");

        settings.SetSpread("orders", RouteMode.Share, "key");
        (Value(settings, "Mode"), Value(settings, "Header")).ShouldBe(("Share", null));

        settings.SetRoute("orders", []);
        Value(settings, "Mode").ShouldBeNull();
    }

    private static string? Value(OperatorSettings settings, string key) =>
        FileValues.Parse("/x.json", settings.ToString()).TryGet($"Gateway:Spread:orders:{key}", out var value) ? value : null;

    [Fact]
    public void Text_OfNothing_IsAConfiguration()
    {
        var settings = OperatorSettings.Parse(null);

        settings.RemovePeer("billing");
        settings.SetRoute("orders", []);

        FileValues.Check("/x.json", settings.ToString());
        settings.RouteOf("orders").ShouldBeNull();
    }
}
