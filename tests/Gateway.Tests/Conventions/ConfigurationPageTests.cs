using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Gateway.Configuration;
using Gateway.Logging;
using Gateway.Tcp.Framing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Conventions;

/// <summary>
/// The page of the configuration has every key, with the default, the range, and how a change takes effect; another test holds
/// appsettings.json against them.
/// </summary>
public sealed class ConfigurationPageTests
{
    private const string Page = "gateway/docs/configuration.md";

    private static readonly string[] _ofTheRoot = ["The gateway", "Peers and Routes"];

    [Fact]
    public void Page_HasEachKeyWithItsDefaultAndItsRange()
    {
        var root = _ofTheRoot.SelectMany(heading => Pages.Rows(Page, heading)).Select(row => Row("", row));
        var sections = typeof(GatewayOptions).GetProperties().Where(IsSection)
            .SelectMany(section => Pages.Rows(Page, section.Name).Select(row => Row($"{section.Name}:", row)));

        root.Concat(sections).ShouldBe(Keys("", new GatewayOptions()), ignoreOrder: true);
    }

    [Fact]
    public void Page_HasTheKeysOfTheLogFile() =>
        Pages.Rows(Page, "Logging").Select(row => Row("", row)).ShouldBe(Keys("", new FileLogOptions()), ignoreOrder: true);

    [Theory]
    [InlineData("Inlets", typeof(InletOptions))]
    [InlineData("Outlets", typeof(OutletOptions))]
    [InlineData("Framing", typeof(FramingOptions))]
    public void Page_HasTheKeysOfEachEntryOfTcp(string heading, Type options)
    {
        var keys = Keys("", Activator.CreateInstance(options)!).Where(key => !key.StartsWith("Framing:", StringComparison.Ordinal))
            .Select(key => key[..key.LastIndexOf(" | ", StringComparison.Ordinal)]);
        string[] framing = options == typeof(FramingOptions) ? [] : ["Framing |  | "];

        Pages.Rows(Page, heading).Where(cells => cells.Length == 4).Select(cells => $"{cells[0].Trim('`')} | {cells[1]} | {cells[2]}")
            .ShouldBe(keys.Concat(framing), ignoreOrder: true);
    }

    [Fact]
    public void Page_HasEachKindOfFraming() =>
        Pages.Rows(Page, "Framing").Where(cells => cells.Length == 3).Select(cells => cells[0].Trim('`'))
            .ShouldBe(Enum.GetNames<FrameKind>(), ignoreOrder: true);

    [Theory]
    [InlineData("PendingBytesMax", 67_108_864L, "64 MiB")]
    [InlineData("WindowMessages", 20_000, "20,000")]
    [InlineData("SamplingRatio", 1.0, "1")]
    [InlineData("Protocol", "grpc", "`grpc`")]
    [InlineData("Address", "", "empty")]
    public void Value_IsWrittenAsOnThePage(string key, object value, string text) => Text(key, value).ShouldBe(text);

    private static string Row(string section, string[] cells) => $"{section}{cells[0].Trim('`')} | {cells[1]} | {cells[2]} | {cells[3]}";

    private static IEnumerable<string> Keys(string section, object options) =>
        options.GetType().GetProperties().SelectMany(property => IsSection(property)
        ? Keys($"{section}{property.Name}:", property.GetValue(options)!)
        : [$"{section}{property.Name} | {Text(property.Name, property.GetValue(options))} | {Range(property)} | {Change(property)}"]);

    private static bool IsSection(PropertyInfo property) => property.PropertyType.Namespace == typeof(GatewayOptions).Namespace;

    private static string Range(PropertyInfo property) => property.GetCustomAttribute<RangeAttribute>() is { } range
        ? $"{Text(property.Name, Bound(range, range.Minimum))} to {Text(property.Name, Bound(range, range.Maximum))}"
        : "";

    private static string Change(PropertyInfo property) => property.IsDefined(typeof(LiveAttribute))
        || (property.DeclaringType == typeof(FileLogOptions) && LoadedConfiguration.IsLevel(property.Name)) ? "live" : "restart";

    private static object Bound(RangeAttribute range, object bound) =>
        range.OperandType == typeof(TimeSpan) ? TimeSpan.Parse((string)bound, CultureInfo.InvariantCulture) : bound;

    private static string Text(string key, object? value) => value switch
    {
        null => "",
        Enum word => $"`{word}`",
        bool flag => flag ? "true" : "false",
        string text => text.Length > 0 ? $"`{text}`" : "empty",
        TimeSpan time => Time(time),
        IEnumerable => "none",
        _ when key.Contains("Bytes", StringComparison.Ordinal) => Size(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        double ratio => ratio.ToString(CultureInfo.InvariantCulture),
        _ => Convert.ToInt64(value, CultureInfo.InvariantCulture).ToString("N0", CultureInfo.InvariantCulture),
    };

    private static string Time(TimeSpan time) => time switch
    {
        { Ticks: 0 } => "0",
        { TotalSeconds: < 1 } => $"{time.TotalMilliseconds} ms",
        { TotalMinutes: < 1 } => $"{time.TotalSeconds} s",
        { TotalHours: < 1 } => $"{time.TotalMinutes} min",
        { TotalDays: < 1 } => $"{time.TotalHours} h",
        _ => $"{time.TotalDays} d",
    };

    private static string Size(long bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
        var unit = 0;
        for (; bytes >= 1024 && bytes % 1024 == 0; bytes /= 1024) unit++;
        return $"{bytes} {units[unit]}";
    }
}
