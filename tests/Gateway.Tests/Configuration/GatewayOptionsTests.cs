using System.Text;
using Gateway.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Configuration;

public sealed class GatewayOptionsTests
{
    [Fact]
    public void Read_Nothing_GivesTheDefaults() => Read("{}").Name.ShouldBe("local");

    [Fact]
    public void Read_Values_AreConverted()
    {
        var options = Read("""
            { "Name": "billing", "StopTimeout": "00:00:07", "Intake": { "BodyBytesMax": 2048 }, "Store": { "AcceptedIdsAge": "2.00:00:00" },
              "Peers": { "sales": { "Address": "tcp://sales.example:7421" } },
              "Routes": { "orders": [ "orders@sales", "orders@billing" ] } }
            """);

        options.Name.ShouldBe("billing");
        options.StopTimeout.ShouldBe(TimeSpan.FromSeconds(7));
        options.Intake.BodyBytesMax.ShouldBe(2048);
        options.Store.AcceptedIdsAge.ShouldBe(TimeSpan.FromDays(2));
        options.Peers["sales"].Address.ShouldBe("tcp://sales.example:7421");
        options.Routes["orders"].ShouldBe(["orders@sales", "orders@billing"]);
    }

    [Fact]
    public void Read_ManyFaults_ListsEachByItsKey()
    {
        var faults = Faults("""
            { "Name": "two words", "Colour": "red", "StopTimeout": "soon",
              "Intake": { "BodyBytesMax": 0, "Adress": "x" },
              "Links": { "BatchBytes": "many", "DeadAfter": "00:00:03", "HeartbeatInterval": "00:00:02" },
              "Peers": { "sales": { "Address": "http://sales" }, "-x": { "Address": "tcp://x:1" } },
              "Routes": { "orders": [ "orders" ], "bills": [ "bills@nowhere" ] } }
            """);

        foreach (var key in new[]
        {
            "Gateway:Name", "Gateway:Colour", "Gateway:StopTimeout", "Gateway:Intake:BodyBytesMax", "Gateway:Intake:Adress",
                "Gateway:Links:BatchBytes",
            "Gateway:Links:DeadAfter", "Gateway:Peers:sales:Address", "Gateway:Peers:-x", "Gateway:Routes:orders", "Gateway:Routes:bills",
        })
        {
            faults.ShouldContain(fault => fault.Contains(key), $"{key} is not among: {string.Join(" / ", faults)}");
        }

        faults.Count.ShouldBe(11);
    }

    /// <summary>The same file may configure a gateway on another system.</summary>
    [Fact]
    public void Read_AStoreInAFolderNamedAsADevice_IsAFaultOnWindowsAlone()
    {
        const string Configuration = """{ "Store": { "Path": "data/aux/store" } }""";

        if (OperatingSystem.IsWindows()) Faults(Configuration).ShouldHaveSingleItem().ShouldContain("'aux' is the name of a device");
        else Read(Configuration).Store.Path.ShouldBe("data/aux/store");
    }

    [Theory]
    [InlineData("""{ "Intake": { "PendingBytesMax": 99999999999 } }""", "Gateway:Intake:PendingBytesMax")]
    [InlineData("""{ "Intake": { "PendingBytesMax": 99999999999999999999 } }""", "Gateway:Intake:PendingBytesMax")]
    [InlineData("""{ "Intake": { "BodyBytesMax": 99999999999 } }""", "Gateway:Intake:BodyBytesMax")]
    [InlineData("""{ "Intake": { "BodyBytesMax": 4194305 } }""", "Gateway:Intake:BodyBytesMax")]
    [InlineData("""{ "Inbox": { "HeldBytesMax": 99999999999 } }""", "Gateway:Inbox:HeldBytesMax")]
    [InlineData("""{ "Links": { "HeartbeatInterval": "00:00:00" } }""", "Gateway:Links:HeartbeatInterval")]
    [InlineData("""{ "Links": { "BackoffMin": "00:00:02" } }""", "Gateway:Links:BackoffMax")]
    [InlineData("""{ "Telemetry": { "OtlpEndpoint": "collector:4317" } }""", "Gateway:Telemetry:OtlpEndpoint")]
    [InlineData("""{ "Telemetry": { "Protocol": "http" } }""", "Gateway:Telemetry:Protocol")]
    [InlineData("""{ "Fleet": { "Share": "some" } }""", "Gateway:Fleet:Share is 'some'; give nothing or totals or everything")]
    [InlineData("""{ "Telemetry": { "SamplingRatio": 1.5 } }""", "Gateway:Telemetry:SamplingRatio")]
    [InlineData("""{ "Telemetry": { "Prometheus": true }, "Http": { "Address": "" } }""", "Gateway:Telemetry:Prometheus")]
    [InlineData("""{ "Telemetry": { "ExportInterval": "00:00:00" } }""", "Gateway:Telemetry:ExportInterval")]
    [InlineData("""{ "Intake": { "BatchBytesMax": 1024 } }""", "Gateway:Intake:BatchBytesMax")]
    [InlineData("""{ "Store": { "DiskReserveBytes": 33554432 } }""", "Gateway:Store:DiskReserveBytes")]
    [InlineData("""{ "Intake": { "Address": "tcp://example:7420" } }""", "Gateway:Intake:Address")]
    [InlineData("""{ "Links": { "Address": "7421" } }""", "Gateway:Links:Address")]
    [InlineData("""{ "Name": null }""", "Gateway:Name")]
    [InlineData("""{ "Name": { "a": "b" } }""", "Gateway:Name")]
    [InlineData("""{ "Intake": "tcp://127.0.0.1:7420" }""", "Gateway:Intake")]
    [InlineData("""{ "Peers": "sales" }""", "Gateway:Peers")]
    [InlineData("""{ "Peers": { "sales": "tcp://sales:7421" } }""", "Gateway:Peers:sales")]
    [InlineData("""{ "Peers": { "local": { "Address": "tcp://sales:7421" } } }""", "Gateway:Peers:local")]
    [InlineData("""{ "Peers": { "sales": { "Address": "tcp://sales" } } }""", "Gateway:Peers:sales:Address")]
    [InlineData("""{ "Peers": { "sales": { "Address": "tcp://sales:0" } } }""", "Gateway:Peers:sales:Address")]
    [InlineData("""{ "Peers": { "sales": { "Address": "tcp://*:7421" } } }""", "Gateway:Peers:sales:Address")]
    [InlineData("""{ "Peers": { "sales": {} } }""", "Gateway:Peers:sales")]
    [InlineData("""{ "Peers": { "sales": { "Addresses": [ "tcp://a:1", "tcp://b" ] } } }""", "Gateway:Peers:sales:Addresses is 'tcp://b'")]
    [InlineData("""{ "Peers": { "sales": { "Addresses": [ "tcp://a:1", "tcp://a:1" ] } } }""", "sales:Addresses names one twice")]
    [InlineData("""{ "Peers": { "sales": { "Address": "tcp://a:1", "Addresses": [ "tcp://b:1" ] } } }""", "has Address and Addresses")]
    [InlineData("""{ "Peers": { "sales": null } }""", "Gateway:Peers:sales")]
    [InlineData("""{ "Intake": { "Address": "tcp://*:7420" } }""", "Gateway:Intake:AllowPlainText")]
    [InlineData("""{ "Intake": { "Address": "tcp://192.0.2.1:7420" } }""", "Gateway:Intake:Address")]
    [InlineData("""{ "Links": { "Address": "tcp://0.0.0.0:7421" } }""", "Gateway:Links:Tls")]
    [InlineData("""{ "Links": { "Address": "tcp://[::]:7421" } }""", "Gateway:Links:AllowPlainText")]
    [InlineData("""{ "Links": { "Tls": { "CertificatePath": "no-such.crt" } } }""",
        "Gateway:Links:Tls:CertificatePath is 'no-such.crt', but there is no such file")]
    [InlineData("""{ "Links": { "Tls": { "CaPath": "no-such.crt" } } }""", "Gateway:Links:Tls:CaPath")]
    [InlineData("""{ "Links": { "Tls": { "KeyPassword": "secret" } } }""", "Gateway:Links:Tls:CertificatePath is empty")]
    [InlineData("""{ "Links": { "Tls": { "CertificatePath": "no-such.crt" } }, "Peers": { "sales": { "Address": "tcp://sales:7421" } } }""",
        "Gateway:Peers:sales has no Fingerprint")]
    [InlineData("""{ "Peers": { "sales": { "Address": "tcp://sales:7421", "Fingerprint": "12:34" } } }""",
        "Gateway:Peers:sales:Fingerprint is '12:34'")]
    [InlineData("""{ "Peers": { "sales": { "Address": "tcp://sales:7421", """
        + """ "Fingerprint": "0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789abcdef" } } }""", "plain text")]
    [InlineData("""{ "Intake": { "Applications": { "web": {} } } }""", "Gateway:Intake:Applications:web")]
    [InlineData("""{ "Intake": { "Applications": { "web": null } } }""", "Gateway:Intake:Applications:web")]
    [InlineData("""{ "Intake": { "Applications": "web" } }""", "Gateway:Intake:Applications")]
    [InlineData("""{ "Intake": { "Applications": { "web": { "Token": "short" } } } }""", "16 to 256 characters")]
    [InlineData("""{ "Intake": { "Applications": { "web": { "TokenSha256": "abc" } } } }""", "64 hexadecimal digits")]
    [InlineData("""{ "Intake": { "Applications": { "web": { "Token": "0123456789abcdef", "TokenSha256": "abc" } } } }""", "either")]
    [InlineData("""{ "Intake": { "Applications": { "web": { "Token": "0123456789abcdef" }, "job": { "Token": "0123456789abcdef" } } } }""",
        "one of its own")]
    [InlineData("""{ "Intake": { "Applications": { "web": { "Token": "0123456789abcdef", "Enqueue": "orders" } } } }""",
        "Gateway:Intake:Applications:web:Enqueue")]
    [InlineData("""{ "Routes": { "orders": "orders@local" } }""", "Gateway:Routes:orders")]
    [InlineData("""{ "Routes": { "orders": [] } }""", "Gateway:Routes:orders")]
    [InlineData("""{ "Routes": { "orders": [ "a@local", "a@local" ] } }""", "Gateway:Routes:orders")]
    [InlineData("""{ "Routes": { "orders": [ { "a": "b" } ] } }""", "Gateway:Routes:orders")]
    [InlineData("""{ "Spread": { "orders": { "Mode": "Share" } } }""",
        "Gateway:Spread:orders is for a route, but there is no Gateway:Routes:orders; list its destinations there")]
    [InlineData("""{ "Routes": { "orders": [ "a@local" ] }, "Spread": { "orders": { "Mode": "Scatter" } } }""",
        "Gateway:Spread:orders:Mode is 'Scatter', which is not one of Copy, Share, Partition")]
    [InlineData("""{ "Routes": { "orders": [ "a@local" ] }, "Spread": { "orders": { "Mode": "Share", "Header": "customer" } } }""",
        "Gateway:Spread:orders:Header is 'customer', but Gateway:Spread:orders:Mode is Share, which looks at no header")]
    [InlineData("""{ "Routes": { "orders": [ "a@local" ] }, "Spread": { "orders": { "Mode": "Partition", "Header": "" } } }""",
        "Gateway:Spread:orders:Header is empty; name the header that holds the key of a message")]
    [InlineData("""{ "Routes": { "orders": [ "a@local" ] }, "Spread": { "orders": { "Key": "customer" } } }""",
        "Gateway:Spread:orders:Key is not a key of the configuration")]
    [InlineData("""{ "Http": { "Address": "127.0.0.1:7425" } }""", "Gateway:Http:Address")]
    [InlineData("""{ "Http": { "Address": "tcp://127.0.0.1:7425" } }""", "Gateway:Http:Address")]
    [InlineData("""{ "Http": { "Address": "http://localhost:7425" } }""", "IP address")]
    [InlineData("""{ "Http": { "Address": "http://127.0.0.1:7425/api" } }""", "Gateway:Http:Address")]
    [InlineData("""{ "Http": { "Address": "http://0.0.0.0:7425" } }""", "there are no tokens")]
    [InlineData("""{ "Http": { "Address": "http://*:7425", "AllowPlainText": true } }""", "there are no tokens")]
    [InlineData("""{ "Http": { "Address": "http://192.0.2.1:7425", """
        + """ "Tokens": { "anna": { "Token": "0123456789abcdef", "Roles": [ "read" ] } } } }""", "Gateway:Http:AllowPlainText")]
    [InlineData(
        """{ "Http": { "Address": "https://[::]:7425", "Tokens": { "anna": { "Token": "0123456789abcdef", "Roles": [ "read" ] } } } }""",
        "Gateway:Http:Tls:CertificatePath")]
    [InlineData("""{ "Http": { "Tls": { "CertificatePath": "no-such.crt" } } }""",
        "Gateway:Http:Tls:CertificatePath is 'no-such.crt', but there is no such file")]
    [InlineData("""{ "Http": { "Tls": { "CertificatePath": "no-such.crt" } } }""", "write it with https://")]
    [InlineData("""{ "Http": { "Tls": { "KeyPassword": "secret" } } }""", "Gateway:Http:Tls:CertificatePath is empty")]
    [InlineData("""{ "Http": { "Hosts": [ "gateway:7425" ] } }""", "Gateway:Http:Hosts")]
    [InlineData("""{ "Http": { "Hosts": [ "*" ] } }""", "Gateway:Http:Hosts")]
    [InlineData("""{ "Http": { "RequestBytesMax": 1 } }""", "Gateway:Http:RequestBytesMax")]
    [InlineData("""{ "Http": { "RequestsPerSecondMax": 0 } }""", "Gateway:Http:RequestsPerSecondMax")]
    [InlineData("""{ "Http": { "Tokens": { "anna": { "Roles": [ "read" ] } } } }""", "give either")]
    [InlineData("""{ "Http": { "Tokens": { "anna": { "Token": "short", "Roles": [ "read" ] } } } }""", "16 to 256")]
    [InlineData("""{ "Http": { "Tokens": { "anna": { "Token": "0123456789abcdef" } } } }""", "has no Roles")]
    [InlineData("""{ "Http": { "Tokens": { "anna": { "Token": "0123456789abcdef", "Roles": [ "admin" ] } } } }""", "'admin'")]
    [InlineData("""{ "Http": { "Tokens": { "two words": { "Token": "0123456789abcdef", "Roles": [ "read" ] } } } }""",
        "Gateway:Http:Tokens:two words")]
    [InlineData("""{ "Http": { "Tokens": { "a": { "Token": "0123456789abcdef", "Roles": [ "read" ] }, """
        + """ "b": { "Token": "0123456789abcdef", "Roles": [ "read" ] } } } }""", "one of its own")]
    public void Read_AFault_IsNamedByItsKey(string json, string key) => Faults(json).ShouldContain(fault => fault.Contains(key));

    [Theory]
    [InlineData("""{ "Intake": null }""")]
    [InlineData("""{ "Peers": null, "Routes": null }""")]
    public void Read_NullSections_AreTheDefaults(string json) => Read(json).Intake.Address.ShouldBe(new IntakeOptions().Address);

    [Theory]
    [InlineData("tcp://127.0.0.1:7420")]
    [InlineData("tcp://[::1]:7420")]
    [InlineData("tcp://*:7420")]
    public void Read_ListenAddresses_AreTaken(string address) =>
        Read($$"""
            {
              "Intake": { "Address": "{{address}}", "AllowPlainText": true },
              "Links": { "Address": "{{address}}", "AllowPlainText": true }
            }
            """).Intake.Address.ShouldBe(address);

    [Theory]
    [InlineData("")]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://[::1]:7425")]
    public void Read_HttpAddressesOfThisHost_AreTakenWithoutTokens(string address) =>
        Read($$"""{ "Http": { "Address": "{{address}}" } }""").Http.Address.ShouldBe(address);

    [Fact]
    public void Read_AnHttpAddressForOthers_IsTakenWithTokensAndAWordOnPlainText() =>
        Read("""
            {
              "Intake": { "AllowWithoutTokens": true },
              "Http": {
                "Address": "http://*:7425", "AllowPlainText": true,
                "Tokens": { "anna": { "Token": "0123456789abcdef", "Roles": [ "read" ] } }
              }
            }
            """).Http.Tokens.Keys.ShouldBe(["anna"]);

    [Fact]
    public void AppSettings_HoldsEachKeyWithItsDefault()
    {
        var file = new ConfigurationBuilder().AddJsonFile(Path.Combine(SourceTree.Root, "appsettings.json"))
            .Build().GetSection(GatewayOptions.Section);

        foreach (var (key, value) in Flatten(new GatewayOptions(), ""))
        {
            file[key].ShouldNotBeNull($"appsettings.json lacks {key}");
            var read = value is TimeSpan ? TimeSpan.Parse(file[key]!, System.Globalization.CultureInfo.InvariantCulture)
                : Convert.ChangeType(file[key], value.GetType(), System.Globalization.CultureInfo.InvariantCulture);
            read.ShouldBe(value, key);
        }

        Should.NotThrow(() => GatewayOptionsReader.Read(
            new ConfigurationBuilder().AddJsonFile(Path.Combine(SourceTree.Root, "appsettings.json")).Build()));
    }

    private static IEnumerable<(string Key, object Value)> Flatten(object options, string prefix)
    {
        foreach (var property in options.GetType().GetProperties())
        {
            var value = property.GetValue(options)!;
            if (property.PropertyType.Namespace == typeof(GatewayOptions).Namespace)
            {
                foreach (var inner in Flatten(value, $"{prefix}{property.Name}:")) yield return inner;
            }
            else if (!property.PropertyType.IsGenericType)
            {
                yield return ($"{prefix}{property.Name}", value);
            }
        }
    }

    private static IReadOnlyList<string> Faults(string json) =>
        Should.Throw<OptionsValidationException>(() => Read(json)).Failures.ToList();

    private static GatewayOptions Read(string json) => GatewayOptionsReader.Read(
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes($$"""{ "Gateway": {{json}} }"""))).Build());
}
