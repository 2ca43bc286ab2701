using System.Collections;
using System.Reflection;
using Gateway.Configuration;
using Gateway.Store.Messages;
using Gateway.Tcp.Framing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Configuration;

/// <summary>How much of another configuration a running gateway applies.</summary>
public sealed class ConfigurationChangeTests
{
    private const string Token = "0123456789abcdef";

    public static TheoryData<string> Keys() => [.. Properties(new GatewayOptions(), "Gateway").Select(property => property.Key)];

    [Theory]
    [MemberData(nameof(Keys))]
    public void EachKey_IsEitherLiveOrOfTheStart(string key)
    {
        var property = Properties(new GatewayOptions(), "Gateway").Single(known => known.Key == key).Property;

        property.IsDefined(typeof(LiveAttribute)).ShouldBe(!property.IsDefined(typeof(AtStartAttribute)));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void AChangedValue_IsAppliedIfItsKeyIsLive_AndLeftAsItIsOtherwise(string key)
    {
        var wanted = Standard();
        var (_, property, owner) = Properties(wanted, "Gateway").Single(known => known.Key == key);
        var isLive = property.IsDefined(typeof(LiveAttribute));
        Change(property, owner);

        var change = ConfigurationChange.Between(Loaded(Standard()), Loaded(wanted));

        change.Obstacle.ShouldBe("");
        change.Values.ShouldNotBeEmpty();
        change.Values.ShouldAllBe(value => value.Key.StartsWith(key) && value.IsLive == isLive);
        var inForce = OptionValues.Of(change.Applied.Options).ToList();
        inForce.ShouldBe(OptionValues.Of(isLive ? wanted : Standard()).ToList());
    }

    [Fact]
    public void AnEqualConfiguration_ChangesNothing() =>
        ConfigurationChange.Between(Loaded(Standard()), Loaded(Standard())).Values.ShouldBeEmpty();

    [Fact]
    public void TokensThatTheOpenAddressNeeds_StayUntilTheAddressIsClosedToo()
    {
        var (running, wanted) = (Standard(), Standard());
        (running.Http.Address, running.Http.AllowPlainText, wanted.Http.AllowPlainText) = ("http://0.0.0.0:7425", true, true);
        wanted.Http.Tokens.Clear();
        wanted.Intake.Applications.Clear();

        var change = ConfigurationChange.Between(Loaded(running), Loaded(wanted));

        change.Obstacle.ShouldContain("Gateway:Http:Address");
        change.Live.ShouldBeEmpty();
        change.AtRestart.Select(value => value.Key).ShouldContain("Gateway:Http:Address");
        change.Applied.Options.Http.Tokens.ShouldNotBeEmpty();
    }

    [Fact]
    public void Secrets_AreHidden()
    {
        var wanted = Standard();
        wanted.Http.Tokens["ann"].Token = "a second token of ann";

        var changed = ConfigurationChange.Between(Loaded(Standard()), Loaded(wanted)).Values.ShouldHaveSingleItem();

        changed.ShouldBe(new ChangedValue("Gateway:Http:Tokens:ann:Token", "***", "***", IsLive: true));
    }

    [Fact]
    public void OfTheLog_LevelsAreLive_AndTheRestIsOfTheStart()
    {
        var change = ConfigurationChange.Between(
            Loaded(Standard(), ("Logging:LogLevel:Default", "Warning"), ("Logging:File:Path", "a.log"), ("Logging:LogLevel:Old", "Debug")),
            Loaded(Standard(), ("Logging:LogLevel:Default", "Debug"), ("Logging:File:Path", "b.log")));

        change.Live.Select(value => value.Key).ShouldBe(["Logging:LogLevel:Default", "Logging:LogLevel:Old"]);
        change.AtRestart.ShouldHaveSingleItem().ShouldBe(new ChangedValue("Logging:File:Path", "a.log", "b.log", IsLive: false));
        change.Applied.Logging.ShouldBe(
            new Dictionary<string, string> { ["Logging:LogLevel:Default"] = "Debug", ["Logging:File:Path"] = "a.log" }, ignoreOrder: true);
    }

    private static GatewayOptions Standard() => new()
    {
        Intake = { Applications = { ["web"] = new ApplicationOptions { Token = Token } } },
        Http = { Tokens = { ["ann"] = new HttpTokenOptions { Token = $"{Token} of ann", Roles = { "read" } } } },
        Peers = { ["billing"] = new PeerOptions { Address = "tcp://billing:1" } },
        Routes = { ["notes"] = ["notes@billing"] },
    };

    private static LoadedConfiguration Loaded(GatewayOptions options, params (string Key, string Value)[] logging) =>
        new(options, logging.ToDictionary(pair => pair.Key, pair => pair.Value));

    private static InletOptions Inlet() => new()
    { Address = "tcp://127.0.0.1:9000", Destination = "telegrams@billing", Framing = { Kind = FrameKind.OctetCounted } };

    private static OutletOptions Outlet() => new()
    { Queue = "telegrams", Target = "localhost:9000", Framing = { Kind = FrameKind.OctetCounted } };

    /// <summary>The keys of the options; a collection is one.</summary>
    private static IEnumerable<(string Key, PropertyInfo Property, object Owner)> Properties(object owner, string path) =>
        owner.GetType().GetProperties().SelectMany(property => property.PropertyType.Namespace == typeof(GatewayOptions).Namespace
            ? Properties(property.GetValue(owner)!, $"{path}:{property.Name}")
            : [($"{path}:{property.Name}", property, owner)]);

    private static void Change(PropertyInfo property, object owner)
    {
        switch (property.GetValue(owner))
        {
            case Dictionary<string, PeerOptions> peers: peers["audit"] = new PeerOptions { Address = "tcp://audit:1" }; break;
            case Dictionary<string, ApplicationOptions> applications: applications.Remove("web"); applications["shop"] = Shop(); break;
            case Dictionary<string, HttpTokenOptions> tokens: tokens["ann"].Roles.Add("operate"); break;
            case Dictionary<string, List<string>> routes: routes["orders"] = ["orders@billing"]; break;
            case Dictionary<string, SpreadOptions> spread: spread["notes"] = new SpreadOptions { Mode = RouteMode.Share }; break;
            case Dictionary<string, InletOptions> inlets: inlets["plc"] = Inlet(); break;
            case Dictionary<string, OutletOptions> outlets: outlets["plc"] = Outlet(); break;
            case IList items: items.Add("shop.example"); break;
            case bool flag: property.SetValue(owner, !flag); break;
            case int number: property.SetValue(owner, number + 1); break;
            case long number: property.SetValue(owner, number + 1); break;
            case double ratio: property.SetValue(owner, ratio / 2); break;
            case TimeSpan time: property.SetValue(owner, time + TimeSpan.FromMilliseconds(1)); break;
            case string text: property.SetValue(owner, property.Name == nameof(FleetOptions.Share) ? "nothing" : $"{text}1"); break;
            default: throw new InvalidOperationException($"{property.Name} is of a type that is not known here.");
        }
    }

    private static ApplicationOptions Shop() => new() { Token = $"{Token} of shop" };
}
