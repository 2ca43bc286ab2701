using System.ComponentModel.DataAnnotations;
using Gateway.Configuration;
using Gateway.Transport.Dialing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport;

/// <summary>Windows reports a refusal after two seconds; whatever is configured, that is waited for.</summary>
public sealed class ConnectPatienceTests
{
    private static readonly TimeSpan _refusalOfWindows = TimeSpan.FromSeconds(2);

    private static TimeSpan Smallest => TimeSpan.Parse(
        (string)typeof(LinksOptions).GetProperty(nameof(LinksOptions.ConnectTimeout))!.GetCustomAttributes(typeof(RangeAttribute), false)
        .Cast<RangeAttribute>().Single().Minimum, System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public void TheSmallestTimeout_OutlastsARefusalOnWindows() =>
        AddressRace.PatienceOf(Smallest, isWindows: true).ShouldBeGreaterThan(_refusalOfWindows);

    [Fact]
    public void ElsewhereItIsWhatIsConfigured() => AddressRace.PatienceOf(Smallest, isWindows: false).ShouldBe(Smallest);

    [Fact]
    public void ALongerOneStands() => AddressRace.PatienceOf(TimeSpan.FromSeconds(5), isWindows: true).ShouldBe(TimeSpan.FromSeconds(5));
}
