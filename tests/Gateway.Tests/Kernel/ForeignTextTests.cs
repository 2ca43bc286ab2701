using System.Globalization;
using System.Text.Json;
using CsCheck;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Kernel;

public sealed class ForeignTextTests
{
    [Theory]
    [InlineData("Grüße, 注文, नमस्ते, می‌خواهم", "Grüße, 注文, नमस्ते, می‌خواهم")]
    [InlineData("👩‍👩‍👧 🚚", "👩‍👩‍👧 🚚")]
    [InlineData("\u001b]0;owned\u0007x", "·]0;owned·x")]
    [InlineData("\u001b[2J\u009b31m\u007f", "·[2J·31m·")]
    [InlineData("a\r\nb\tc", "a··b·c")]
    [InlineData("invoice\u202Egpj.exe\u2066\u200F", "invoice·gpj.exe··")]
    [InlineData("a\u2028b\u2029c\uFEFF", "a·b·c·")]
    [InlineData("\U000E0041", "·")]
    [InlineData(null, "")]
    public void Plain_ShowsWhatATerminalWouldObeyAsDots(string? text, string shown) => ForeignText.Plain(text).ShouldBe(shown);

    [Fact]
    public void Plain_HalfACharacter_IsADot() => ForeignText.Plain("\uD83Dx\uDE9A").ShouldBe("·x·");

    [Fact]
    public void Lines_KeepsLinesAndTabs_AndNoOtherCarriageReturn() =>
        ForeignText.Lines("a\r\nb\n\tc\rd\u001b").ShouldBe("a\r\nb\n\tc·d·");

    [Fact]
    public void Json_IsTheSameText_WithoutWhatATerminalObeys() => Gen.String.Sample(text =>
    {
        var json = JsonSerializer.Serialize(text, new JsonSerializerOptions
        { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

        var shown = ForeignText.Json(json);

        JsonSerializer.Deserialize<string>(shown).ShouldBe(JsonSerializer.Deserialize<string>(json));
        ForeignText.Lines(shown).ShouldBe(shown);
    });

    [Fact]
    public void Plain_LeavesNothingHarmful_AndNeverGrows() => Gen.String.Sample(text =>
    {
        var shown = ForeignText.Plain(text);

        shown.Length.ShouldBeLessThanOrEqualTo(text.Length);
        shown.Any(char.IsControl).ShouldBeFalse();
        ForeignText.Plain(shown).ShouldBe(shown);
        StringInfo.ParseCombiningCharacters(shown).ShouldNotBeNull();
    });
}
