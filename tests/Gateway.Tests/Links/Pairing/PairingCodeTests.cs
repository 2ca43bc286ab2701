using CsCheck;
using Gateway.Links.Pairing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Pairing;

public sealed class PairingCodeTests
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private static readonly Gen<PairingCode> _code = Gen.Select(
            Gen.Char["abcXYZ019"].Array[1, 64], Gen.Byte.Array[32], Gen.Char["ab.:1"].Array[1, 255].Array[1, 4], Gen.UInt,
            Gen.Byte.Array[16])
        .Select((name, fingerprint, addresses, expires, secret) => new PairingCode(
            new string(name), Convert.ToHexStringLower(fingerprint), [.. addresses.Select(chars => new string(chars))], expires * 1000L,
            secret));

    private static readonly PairingCode _one = PairingBench.Code();

    [Fact]
    public void RoundTrip_AnyCode_GivesTheSame() => _code.Sample(code =>
    {
        var read = PairingCode.Parse(code.ToText(), out var fault);

        fault.ShouldBeEmpty();
        read.ShouldNotBeNull().ToBytes().ShouldBe(code.ToBytes());
        read.Addresses.ShouldBe(code.Addresses);
    });

    [Fact]
    public void ItsText_StaysTheSame() => PairingBench.Code().ToText().ShouldBe(
        "058G115X-P7XRN6T9-6NZB7Y1D-WDKM73E8-9P5TBC5Y-5TQVT1D8-P5TKHZ5A-8DGS7CEP-FXN5PK04-70W3GE1P-R70W3GEV-1R70W3GQ-E1R70G0Z-76T3FE02-"
            + "0GT01H6Q-0Q30BHGW-5RTKMDSR-M68RPC1A-JY28V");

    [Theory]
    [InlineData(" ", "\r\n")]
    [InlineData("-", " ")]
    [InlineData("-", "")]
    public void ATextThatWasTypedOtherwise_IsTheSame(string from, string to)
    {
        var typed = _one.ToText().Replace("-", from).Replace(from, to).ToLowerInvariant().Replace('0', 'o').Replace('1', 'l');

        PairingCode.Parse(typed, out var fault).ShouldNotBeNull(fault).ToBytes().ShouldBe(_one.ToBytes());
    }

    [Fact]
    public void OneWrongCharacter_IsFoundWhereverItIs_MostlyInItsGroup()
    {
        var text = _one.ToText();
        var (named, all) = (0, 0);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '-') continue;
            foreach (var wrong in Alphabet.Where(c => c != text[at]))
            {
                PairingCode.Parse($"{text[..at]}{wrong}{text[(at + 1)..]}", out var fault).ShouldBeNull();
                all++;
                if (fault.StartsWith($"Group {(at / 9) + 1} of the code", StringComparison.Ordinal)) named++;
            }
        }

        named.ShouldBeGreaterThan(all * 9 / 10);
    }

    [Fact]
    public void ACutText_IsIncomplete_WhereverItIsCut()
    {
        var text = _one.ToText();
        for (var length = 0; length < text.Length; length++)
        {
            if (length > 0 && text[length] == '-' && length + 1 == text.Length) continue;
            PairingCode.Parse(text[..length], out var fault).ShouldBeNull();
            fault.ShouldContain(length == 0 ? "is empty" : "is incomplete", customMessage: text[..length]);
        }
    }

    [Fact]
    public void TwoGroupsThatChangePlaces_AreFound()
    {
        var groups = _one.ToText().Split('-');
        (groups[3], groups[4]) = (groups[4], groups[3]);

        PairingCode.Parse(string.Join('-', groups), out var fault).ShouldBeNull();

        fault.ShouldBe($"Group 4 of the code, '{groups[3]}', has a typing error. Compare it with the one that was printed.");
    }

    [Theory]
    [InlineData("U", "has a character that is in no code")]
    [InlineData("é", "has a character that is in no code")]
    public void ACharacterOfNoCode_IsNamed(string character, string fault)
    {
        PairingCode.Parse($"{character}{_one.ToText()[1..]}", out var found).ShouldBeNull();
        found.ShouldContain(fault);
    }

    [Fact]
    public void TextBehindTheCode_IsFound()
    {
        PairingCode.Parse($"{PairingBench.Code("a-longer-name").ToText()} 00000000", out var fault).ShouldBeNull();
        fault.ShouldNotBeEmpty();
    }

    [Fact]
    public void AnyText_IsNoCode_AndNeverThrows() => Gen.String[Gen.Char[Alphabet], 0, 300].Sample(text =>
    {
        PairingCode.Parse(text, out var fault).ShouldBeNull();
        fault.ShouldNotBeEmpty();
    });

    [Fact]
    public void TheSecret_IsNotShownByAccident() => $"{_one}".ShouldBe("code of shop");
}
