using System.Text;
using Gateway.Configuration;
using Gateway.Hosting;
using Gateway.Tcp;
using Gateway.Tcp.Framing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Configuration;

/// <summary>Inlets and outlets as they are written in a configuration, and the faults that are found before anything listens.</summary>
public sealed class TcpOptionsTests
{
    private const string Lines = """ "Framing": { "Kind": "Delimiter", "End": "\\n" } """;
    private const string Inlet = """ "Address": "tcp://127.0.0.1:9000", "Destination": "lines@billing" """;
    private const string Outlet = """ "Queue": "lines", "Target": "localhost:9000" """;

    [Fact]
    public void WithoutAny_ThereIsNone()
    {
        var settings = GatewayWiring.SettingsOf(Read("{}"));

        settings.Tcp.Inlets.ShouldBeEmpty();
        settings.Tcp.Outlets.ShouldBeEmpty();
    }

    [Fact]
    public void AnInlet_HasTheDefaultsOfItsSettings() => InletOf($"{Inlet}, {Lines}").ShouldBe(
        new InletSettings("one", "tcp://127.0.0.1:9000", "lines@billing", new FrameFormat.Delimiter(1024 * 1024, "\n"u8.ToArray())));

    [Fact]
    public void AnInlet_WithEachKey_HasIt()
    {
        var file = Path.GetTempFileName();
        try
        {
            InletOf($$"""
                "Address": "tcp://0.0.0.0:9001", "Destination": "orders",
                "Framing": { "Kind": "StartEnd", "Start": "\\x0B", "End": "\\x1C\\r" },
                "Answer": "Fixed", "AnswerBytes": "OK\\n", "Unclaimed": "NextConversation", "SendsEnds": false,
                "Tls": { "CertificatePath": "{{file.Replace("\\", "\\\\")}}", "KeyPassword": "secret" },
                "ConnectionsMax": 5, "ConnectionsPerAddressMax": 4, "IdleTimeout": "00:01:00", "WriteTimeout": "00:00:02",
                "HeldBackTold": "00:00:03"
                """).ShouldBe(new InletSettings("one", "tcp://0.0.0.0:9001", "orders",
                    new FrameFormat.StartEnd(1024 * 1024, new byte[] { 0x0B }, new byte[] { 0x1C, 13 }))
            {
                Answer = InletAnswer.Fixed,
                AnswerBytes = "OK\n"u8.ToArray(),
                Unclaimed = UnclaimedReplies.NextConversation,
                SendsEnds = false,
                Tls = new InletTls(file, "", "secret"),
                ConnectionsMax = 5,
                ConnectionsPerAddressMax = 4,
                IdleTimeout = TimeSpan.FromMinutes(1),
                WriteTimeout = TimeSpan.FromSeconds(2),
                HeldBackTold = TimeSpan.FromSeconds(3),
            });
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void AnOutlet_HasTheDefaultsOfItsSettings() => OutletOf($"{Outlet}, {Lines}").ShouldBe(
        new OutletSettings("one", "lines", "localhost", 9000, new FrameFormat.Delimiter(1024 * 1024, "\n"u8.ToArray())));

    [Fact]
    public void AnOutlet_WithEachKey_HasIt() => OutletOf("""
        "Queue": "lines", "Target": "[::1]:9000", "Framing": { "Kind": "OctetCounted", "FrameBytesMax": 2000 },
        "Delivery": "Reply", "Accepted": "^ACK", "Refused": "^NAK", "AttemptsMax": 6, "ReplyTimeout": "00:00:07", "UnansweredMax": 8,
        "PerConversation": true, "ConnectionsMax": 9, "IdleTimeout": "00:00:10", "ConnectTimeout": "00:00:11", "BackoffMin": "00:00:01",
        "BackoffMax": "00:00:12", "StuckTold": "00:00:13", "WindowBytes": 65536
        """).ShouldBe(new OutletSettings("one", "lines", "::1", 9000, new FrameFormat.OctetCounted(2000))
    {
        Delivery = OutletDelivery.Reply,
        Accepted = "^ACK",
        Refused = "^NAK",
        AttemptsMax = 6,
        ReplyTimeout = TimeSpan.FromSeconds(7),
        UnansweredMax = 8,
        IsPerConversation = true,
        ConnectionsMax = 9,
        IdleTimeout = TimeSpan.FromSeconds(10),
        ConnectTimeout = TimeSpan.FromSeconds(11),
        BackoffMin = TimeSpan.FromSeconds(1),
        BackoffMax = TimeSpan.FromSeconds(12),
        StuckTold = TimeSpan.FromSeconds(13),
        WindowBytes = 65536,
    });

    [Fact]
    public void AReplayWindow_IsTakenWithAcknowledged() =>
        OutletOf($"{Outlet}, {Lines}, \"ReplayWindow\": \"00:00:02\"").ReplayWindow.ShouldBe(TimeSpan.FromSeconds(2));

    [Theory]
    [InlineData("""{ "Kind": "LengthPrefix" }""", 4, 0, 4, true, LengthCounts.Body)]
    [InlineData("""{ "Kind": "lengthprefix", "Size": 2, "Offset": 3, "ByteOrder": "Little", "Counts": "Frame" }""",
        5, 3, 2, false, LengthCounts.Frame)]
    [InlineData("""{ "Kind": "LengthPrefix", "Size": 8, "HeaderBytes": 12, "Counts": "Length" }""", 12, 0, 8, true, LengthCounts.Length)]
    internal void ALengthPrefix_IsRead(string framing, int header, int offset, int size, bool isBig, LengthCounts counts) =>
        FormatOf(framing).ShouldBe(new FrameFormat.LengthPrefix(1024 * 1024, header, offset, size, isBig, counts));

    [Fact]
    public void AFixedSize_AndAStream_AreRead()
    {
        FormatOf("""{ "Kind": "FixedSize", "FrameBytes": 128 }""").ShouldBe(new FrameFormat.FixedSize(128));
        FormatOf("""{ "Kind": "Stream" }""").ShouldBe(new FrameFormat.Stream());
        InletOf($$"""{{Inlet}}, "SendsEnds": false, "Framing": { "Kind": "Stream" }""").SendsEnds.ShouldBeTrue();
    }

    [Fact]
    public void TheLargestBody_BoundsAFrame() => Read(Json($"{Inlet}, {Lines}", "", "\"Intake\": { \"BodyBytesMax\": 5000 }")).Tcp
        .ToSettings(5000).Inlets[0].Format.FrameBytesMax.ShouldBe(5000);

    [Theory]
    [InlineData("""{ }""", "Gateway:Tcp:Inlets:one:Framing:Kind field is required")]
    [InlineData("""{ "Kind": "Lines" }""",
        "Framing:Kind is 'Lines', which is not one of LengthPrefix, OctetCounted, Delimiter, StartEnd, FixedSize, Stream.")]
    [InlineData("""{ "Kind": "7" }""", "Framing:Kind is '7', which is not one of LengthPrefix")]
    [InlineData("""{ "Kind": "Delimiter" }""", "Framing:End has 0 bytes; give 1 to 16")]
    [InlineData("""{ "Kind": "Delimiter", "End": "12345678901234567" }""", "Framing:End has 17 bytes; give 1 to 16")]
    [InlineData("""{ "Kind": "Delimiter", "End": "\\q" }""", "Framing:End is '\\q', which has an unknown escape at position 1.")]
    [InlineData("""{ "Kind": "StartEnd", "Start": "é", "End": "x" }""",
        "Framing:Start is 'é', which has a character that is not printable ASCII")]
    [InlineData("""{ "Kind": "StartEnd", "End": "x" }""", "Framing:Start has 0 bytes")]
    [InlineData("""{ "Kind": "StartEnd", "Start": "abc", "End": "def", "FrameBytesMax": 5 }""",
        "FrameBytesMax (5) is less than the smallest frame (6)")]
    [InlineData("""{ "Kind": "Delimiter", "End": "x", "Start": "y" }""",
        "Framing:Start belongs to the kind StartEnd, and Gateway:Tcp:Inlets:one:Framing:Kind is Delimiter")]
    [InlineData("""{ "Kind": "OctetCounted", "Size": 2 }""", "Framing:Size belongs to the kind LengthPrefix")]
    [InlineData("""{ "Kind": "Stream", "FrameBytes": 2 }""", "Framing:FrameBytes belongs to the kind FixedSize")]
    [InlineData("""{ "Kind": "FixedSize" }""", "Framing:FrameBytes is 0; give the size of each frame")]
    [InlineData("""{ "Kind": "FixedSize", "FrameBytes": 2097152 }""",
        "Framing:FrameBytes is 2097152; give the size of each frame, up to Gateway:Intake:BodyBytesMax (1048576)")]
    [InlineData("""{ "Kind": "Stream", "FrameBytesMax": 2097152 }""",
        "Framing:FrameBytesMax (2097152) is more than Gateway:Intake:BodyBytesMax (1048576)")]
    [InlineData("""{ "Kind": "LengthPrefix", "Size": 3 }""", "Framing:Size is 3; a length has 1, 2, 4 or 8 bytes")]
    [InlineData("""{ "Kind": "LengthPrefix", "Size": 9 }""", "Gateway:Tcp:Inlets:one:Framing:Size must be between 1 and 8")]
    [InlineData("""{ "Kind": "LengthPrefix", "Offset": 4, "HeaderBytes": 6 }""", "Framing:HeaderBytes (6) ends before the length")]
    [InlineData("""{ "Kind": "LengthPrefix", "Offset": 4, "FrameBytesMax": 6 }""",
        "Framing:FrameBytesMax (6) is less than the smallest frame (8)")]
    public void AFramingThatIsNone_IsNamed(string framing, string fault) =>
        Faults(Json($"{Inlet}, \"Framing\": {framing}", "")).ShouldHaveSingleItem().ShouldContain(fault);

    [Theory]
    [InlineData("""{ }""", "Inlets:one:Address field is required", "Inlets:one:Destination field is required",
        "Framing:Kind field is required")]
    [InlineData("{" + Lines + """, "Address": "127.0.0.1:9000", "Destination": "lines@billing" }""",
        "Inlets:one:Address is '127.0.0.1:9000', which is not of the form tcp://ADDRESS:PORT")]
    [InlineData("{" + Lines + """, "Address": "tcp://localhost:9000", "Destination": "lines@billing" }""",
        "to listen, give an IP address of this host, not a name")]
    [InlineData("{" + Lines + """, "Address": "tcp://0.0.0.0:9000", "Destination": "lines@billing" }""",
        "where other hosts can connect, and there is no TLS")]
    [InlineData("{" + Lines + """, "Address": "tcp://127.0.0.1:9000", "Destination": "li nes" }""",
        "Inlets:one:Destination is 'li nes', which is neither of the form queue@peer")]
    [InlineData("{" + Lines + """, "Address": "tcp://127.0.0.1:9000", "Destination": "lines" }""",
        "there is no Gateway:Routes:lines; write lines@PEER, or add the route")]
    [InlineData("{" + Lines + """, "Address": "tcp://127.0.0.1:9000", "Destination": "spread" }""",
        "Inlets:one:Destination is 'spread', whose messages are spread (Gateway:Spread:spread:Mode is Partition); that would tear its "
            + "conversations apart")]
    [InlineData("{" + Lines + """, "Address": "tcp://127.0.0.1:9000", "Destination": "lines@nobody" }""",
        "there is no peer 'nobody' in Gateway:Peers")]
    [InlineData("{" + Lines + "," + Inlet + """, "Answer": "Fixed" }""",
        "Answer is Fixed, and Gateway:Tcp:Inlets:one:AnswerBytes has 0 bytes")]
    [InlineData("{" + Lines + "," + Inlet + """, "AnswerBytes": "OK" }""",
        "AnswerBytes is set, and Gateway:Tcp:Inlets:one:Answer is Nothing")]
    [InlineData("{" + Lines + "," + Inlet + """, "Answer": "Fixed", "AnswerBytes": "\\" }""",
        "AnswerBytes is '\\', which has an unknown escape")]
    [InlineData("{" + Lines + "," + Inlet + """, "Answer": "Ok" }""", "Answer is 'Ok', which is not one of Nothing, Fixed, Far")]
    [InlineData("{" + Inlet + """, "Framing": { "Kind": "Stream" }, "Answer": "Fixed", "AnswerBytes": "x" }""",
        "a stream has no frames to answer")]
    [InlineData("{" + Inlet + """, "Framing": { "Kind": "Stream" }, "Unclaimed": "NextConversation" }""",
        "Unclaimed is NextConversation, but a piece of one stream makes no sense in another")]
    [InlineData("{" + Lines + "," + Inlet + """, "Tls": { "CertificatePath": "/no/such/file" } }""",
        "Inlets:one:Tls:CertificatePath is '/no/such/file', but there is no such file")]
    [InlineData("{" + Lines + "," + Inlet + """, "Tls": { "KeyPassword": "x" } }""",
        "Inlets:one:Tls:CertificatePath is empty, but other keys of Tls are not")]
    [InlineData("{" + Lines + "," + Inlet + """, "ConnectionsMax": 0 }""", "Inlets:one:ConnectionsMax must be between 1 and 100000")]
    [InlineData("{" + Lines + "," + Inlet + """, "Adress": "x" }""", "Inlets:one:Adress is not a key of the configuration")]
    public void AnInletWithAFault_IsNamed(string inlet, params string[] faults)
    {
        var found = Faults($$"""
            { "Peers": { "billing": { "Address": "tcp://b:1" } }, "Routes": { "spread": [ "s@billing" ] },
              "Spread": { "spread": { "Mode": "Partition" } }, "Tcp": { "Inlets": { "one": {{inlet}} } } }
            """);

        found.Count.ShouldBe(faults.Length, string.Join(' ', found));
        foreach (var fault in faults) found.ShouldContain(text => text.Contains(fault), string.Join(' ', found));
    }

    [Theory]
    [InlineData("""{ }""", "Outlets:one:Queue field is required", "Outlets:one:Target field is required", "Framing:Kind field is required")]
    [InlineData("{" + Lines + """, "Queue": "lines@here", "Target": "h:1" }""",
        "Queue is 'lines@here', which is not the name of a queue of this gateway")]
    [InlineData("{" + Lines + """, "Queue": "lines", "Target": "h" }""", "Target is 'h', which is not of the form HOST:PORT")]
    [InlineData("{" + Lines + """, "Queue": "lines", "Target": "h:0" }""", "Target is 'h:0', which is not of the form HOST:PORT")]
    [InlineData("{" + Lines + """, "Queue": "lines", "Target": "::1:9" }""", "Target is '::1:9', which is not of the form HOST:PORT")]
    [InlineData("{" + Lines + """, "Queue": "lines", "Target": "tcp://h:9" }""",
        "Target is 'tcp://h:9', which is not of the form HOST:PORT")]
    [InlineData("{" + Lines + "," + Outlet + """, "Delivery": "Written", "ReplayWindow": "00:00:01" }""",
        "ReplayWindow belongs to the delivery Acknowledged, and Gateway:Tcp:Outlets:one:Delivery is Written")]
    [InlineData("{" + Lines + "," + Outlet + """, "Accepted": "x" }""", "Accepted belongs to the delivery Reply")]
    [InlineData("{" + Lines + "," + Outlet + """, "UnansweredMax": 2 }""", "UnansweredMax belongs to the delivery Reply")]
    [InlineData("{" + Lines + "," + Outlet + """, "Delivery": "Reply", "Accepted": "(" }""",
        "Accepted is '(', which is not a regular expression")]
    [InlineData("{" + Lines + "," + Outlet + """, "Delivery": "Reply", "Refused": "(?=x)" }""",
        "Refused is '(?=x)', which is not a regular expression without look-around")]
    [InlineData("{" + Lines + "," + Outlet + """, "BackoffMin": "00:00:06" }""",
        "BackoffMax (00:00:05) is less than BackoffMin (00:00:06)")]
    [InlineData("{" + Outlet + """, "Framing": { "Kind": "Stream" } }""",
        "PerConversation is false, but bytes of two conversations must not mix")]
    [InlineData("{" + Outlet + """, "Framing": { "Kind": "Stream" }, "PerConversation": true, "Delivery": "Reply" }""",
        "a stream has no frames that could be one")]
    [InlineData("{" + Outlet + """, "Framing": { "Kind": "Stream" }, "PerConversation": true, "ReplayWindow": "00:00:01" }""",
        "a stream is not sent again")]
    [InlineData("{" + Lines + "," + Outlet + """, "WindowBytes": 1 }""", "Outlets:one:WindowBytes must be between 65536 and 67108864")]
    public void AnOutletWithAFault_IsNamed(string outlet, params string[] faults)
    {
        var found = Faults($$"""{ "Tcp": { "Outlets": { "one": {{outlet}} } } }""");

        found.Count.ShouldBe(faults.Length, string.Join(' ', found));
        foreach (var fault in faults) found.ShouldContain(text => text.Contains(fault), string.Join(' ', found));
    }

    [Theory]
    [InlineData("Acknowledged", false, 1)]
    [InlineData("Acknowledged", true, 0)]
    [InlineData("Acknowledged", null, 0)]
    [InlineData("Reply", false, 0)]
    [InlineData("Written", false, 0)]
    public void Acknowledged_IsOfferedOnlyWhereTheSystemTellsWhatWasAcknowledged(string delivery, bool? tells, int faults)
    {
        var root = Root(Json("", $"{Outlet}, {Lines}, \"Delivery\": \"{delivery}\""));

        var found = GatewayOptionsReader.Examine(root, new SystemFacts(tells)).Faults;

        found.Count.ShouldBe(faults, string.Join(' ', found));
        found.ShouldAllBe(fault => fault.StartsWith(
            "Gateway:Tcp:Outlets:one:Delivery is Acknowledged, which is the default, but this host's system does not tell which bytes TCP "
            + "has acknowledged; set it to Reply if the program answers each message, or to Written"));
    }

    [Theory]
    [InlineData("\"a b\": {" + Inlet + "," + Lines + "}", "", "Gateway:Tcp:Inlets:a b: a name is 1 to 56 of")]
    [InlineData("\"a23456789012345678901234567890123456789012345678901234567\": {" + Inlet + "," + Lines + "}", "", "a name is 1 to 56 of")]
    [InlineData("\"a\": {" + Inlet + "," + Lines + "}, \"b\": {" + Inlet + "," + Lines + "}", "",
        "Inlets:b:Address is 'tcp://127.0.0.1:9000', where the inlet a listens already")]
    [InlineData("", "\"a b\": {" + Outlet + "," + Lines + "}", "Gateway:Tcp:Outlets:a b: a name is 1 to 64 of")]
    [InlineData("", "\"a\": {" + Outlet + "," + Lines + "}, \"b\": {" + Outlet + "," + Lines + "}",
        "Outlets:b:Queue is 'lines', which the outlet a empties already")]
    [InlineData("\"a\": {" + Inlet + "," + Lines + "}", "\"b\": { \"Queue\": \"a.replies\", \"Target\": \"h:1\", " + Lines + "}",
        "Outlets:b:Queue is 'a.replies', through which replies come back to the inlet a")]
    public void WhatCannotBeTogether_IsNamed(string inlets, string outlets, string fault) =>
        Faults($$"""
            { "Peers": { "billing": { "Address": "tcp://b:1" } }, "Tcp": { "Inlets": { {{inlets}} }, "Outlets": { {{outlets}} } } }
            """)
            .ShouldHaveSingleItem().ShouldContain(fault);

    [Theory]
    [InlineData("Stream", "FixedSize", "Inlets:one:Framing:Kind is Stream, but the outlet one, which empties 'lines', has FixedSize")]
    [InlineData("FixedSize", "Stream", "Inlets:one:Framing:Kind is FixedSize, but the outlet one, which empties 'lines', has Stream")]
    public void AStream_AndAnOutletOfFramesOnTheSameGateway_AreNamed(string inlet, string outlet, string fault)
    {
        Faults(Both(inlet, outlet)).ShouldHaveSingleItem().ShouldContain(fault);
        Read(Both(outlet, outlet)).Tcp.Outlets.Count.ShouldBe(1);
    }

    [Fact]
    public void AnAddressForOtherHosts_IsTakenWithTheWord() =>
        InletOf($$"""{{Lines}}, "Address": "tcp://*:9000", "Destination": "lines@billing", "AllowPlainText": true""").Address
            .ShouldBe("tcp://*:9000");

    [Fact]
    public void AReload_TakesInletsAndOutlets_AndKnowsTheUnchanged()
    {
        var one = GatewayWiring.LiveOf(Read(Json($"{Inlet}, {Lines}", $"{Outlet}, {Lines}"))).Tcp;
        var same = GatewayWiring.LiveOf(Read(Json($"{Inlet}, {Lines}", $"{Outlet}, {Lines}"))).Tcp;
        var other = GatewayWiring.LiveOf(Read(Json($"{Inlet}, {Lines}, \"SendsEnds\": false", $"{Outlet}, {Lines}"))).Tcp;

        (same.Inlets[0], same.Outlets[0]).ShouldBe((one.Inlets[0], one.Outlets[0]));
        other.Inlets[0].ShouldNotBe(one.Inlets[0]);
    }

    [Fact]
    public void AChangedInlet_IsLive_AndItsPasswordIsHidden()
    {
        var change = ConfigurationChange.Between(
            Loaded(Json($"{Inlet}, {Lines}", "")), Loaded(Json($"{Inlet}, {Lines}, \"HeldBackTold\": \"00:00:09\"", "")));

        change.Values.ShouldBe([new ChangedValue("Gateway:Tcp:Inlets:one:HeldBackTold", "00:00:05", "00:00:09", IsLive: true)]);
        EffectiveConfiguration.Shown("Gateway:Tcp:Inlets:one:Tls:KeyPassword", "x").ShouldBe(EffectiveConfiguration.Hidden);
    }

    private static InletSettings InletOf(string inlet) => GatewayWiring.SettingsOf(Read(Json(inlet, ""))).Tcp.Inlets.ShouldHaveSingleItem();

    private static OutletSettings OutletOf(string outlet) =>
        GatewayWiring.SettingsOf(Read(Json("", outlet))).Tcp.Outlets.ShouldHaveSingleItem();

    private static FrameFormat FormatOf(string framing) => InletOf($"{Inlet}, \"Framing\": {framing}").Format;

    /// <summary>An inlet and an outlet of the same gateway and queue, with these kinds of framing.</summary>
    private static string Both(string inlet, string outlet)
    {
        static string Framing(string kind) =>
            kind == "Stream" ? "\"Framing\": { \"Kind\": \"Stream\" }" : "\"Framing\": { \"Kind\": \"FixedSize\", \"FrameBytes\": 8 }";
        return Json($"{Inlet}, {Framing(inlet)}".Replace("billing", "shop"),
            $"{Outlet}, {Framing(outlet)}, \"PerConversation\": true");
    }

    private static string Json(string inlet, string outlet, string more = "\"Name\": \"shop\"") => $$"""
        {
          {{more}}, "Peers": { "billing": { "Address": "tcp://b:1" } }, "Routes": { "orders": [ "orders@billing" ] },
          "Tcp": {
            "Inlets": { {{(inlet.Length > 0 ? $"\"one\": {{ {inlet} }}" : "")}} },
            "Outlets": { {{(outlet.Length > 0 ? $"\"one\": {{ {outlet} }}" : "")}} }
          }
        }
        """;

    private static IReadOnlyList<string> Faults(string json) =>
        Should.Throw<OptionsValidationException>(() => Read(json)).Failures.ToList();

    private static LoadedConfiguration Loaded(string json)
    {
        var root = Root(json);
        return LoadedConfiguration.Of(root, GatewayOptionsReader.Read(root));
    }

    private static GatewayOptions Read(string json) => GatewayOptionsReader.Read(Root(json));

    private static IConfigurationRoot Root(string json) =>
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes($$"""{ "Gateway": {{json}} }"""))).Build();
}
