using System.Text;

namespace Gateway.Links.Pairing;

/// <summary>
/// Bytes as groups of letters and digits that can be read aloud: five bits a character, without I, L, O and U, and the last character of
/// each group a check of it and of its place, so that a typing error is found where it was made. Pure.
/// </summary>
internal static class SpelledBytes
{
    /// <summary>The characters of a group, with its check.</summary>
    public const int GroupChars = 8;

    private const int Data = GroupChars - 1;
    private const int BitsOfChar = 5;
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static string Write(ReadOnlySpan<byte> bytes)
    {
        var values = Values(bytes);
        var text = new StringBuilder();
        for (var at = 0; at < values.Length; at += Data)
        {
            if (at > 0) text.Append('-');
            var group = values.AsSpan(at, Math.Min(Data, values.Length - at));
            foreach (var value in group) text.Append(Alphabet[value]);
            text.Append(Alphabet[CheckOf(at / Data, group)]);
        }

        return text.ToString();
    }

    /// <param name="headBytes">The bytes from which the length of all can be told.</param>
    /// <returns>Null with a sentence that says what is wrong.</returns>
    public static byte[]? Read(string text, int headBytes, Func<ReadOnlySpan<byte>, int> lengthOf, out string fault)
    {
        var values = new List<byte>();
        var chars = text.Where(c => !char.IsWhiteSpace(c) && c != '-').Select(char.ToUpperInvariant).ToArray();
        var groups = chars.Chunk(GroupChars).ToList();
        fault = "";
        for (var i = 0; i < groups.Count; i++)
        {
            if (groups[i].Any(c => ValueOf(c) < 0)) fault = $"Group {i + 1} of the code, '{new string(groups[i])}', has a character that "
                + "is in no code. Compare it with the one that was printed.";
            if (fault.Length > 0) return null;
            var group = groups[i].Select(c => (byte)ValueOf(c)).ToArray();
            // What is wrong with the last group is known only when the length is.
            var isWrong = group.Length < 2 || group[^1] != CheckOf(i, group.AsSpan(..^1));
            if (isWrong && (i < groups.Count - 1 || IsEnough(values, headBytes, lengthOf, i, group.Length)))
            {
                fault = $"Group {i + 1} of the code, '{new string(groups[i])}', has a typing error. Compare it with the one that was "
                    + "printed.";
                return null;
            }

            if (!isWrong) values.AddRange(group[..^1]);
        }

        return Whole(values, headBytes, lengthOf, groups.Count, chars.Length, out fault);
    }

    private static byte[]? Whole(
        List<byte> values, int headBytes, Func<ReadOnlySpan<byte>, int> lengthOf, int groups, int chars, out string fault)
    {
        var bytes = Bytes(values);
        if (bytes.Length < headBytes)
        {
            fault = chars == 0 ? "The code is empty." : "The code is incomplete: it ends in its first group. Copy all of it.";
            return null;
        }

        var length = lengthOf(bytes);
        var wanted = CharsOf(length);
        var (all, has) = ((wanted + GroupChars - 1) / GroupChars, $"it has {Figures.Counted(groups, "group")}");
        fault = chars < wanted ? $"The code is incomplete: {has}, and should have {all}; the last one {(chars % GroupChars > 0
                ? "is cut" : "is whole")}. Copy all of it."
            : chars > wanted ? $"The code is too long: {has}, and should have {all}. Copy it alone." : "";
        return fault.Length > 0 || bytes.Length < length ? null : bytes[..length];
    }

    /// <summary>The last group has all its characters, so that a wrong check is a typing error.</summary>
    private static bool IsEnough(
        List<byte> values, int headBytes, Func<ReadOnlySpan<byte>, int> lengthOf, int before, int chars) =>
        Bytes(values) is var bytes && bytes.Length >= headBytes ? (before * GroupChars) + chars >= CharsOf(lengthOf(bytes))
            : chars == GroupChars;

    private static int CharsOf(int bytes)
    {
        var data = ((bytes * 8) + BitsOfChar - 1) / BitsOfChar;
        return data + ((data + Data - 1) / Data);
    }

    private static byte[] Values(ReadOnlySpan<byte> bytes)
    {
        var values = new byte[((bytes.Length * 8) + BitsOfChar - 1) / BitsOfChar];
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            if ((bytes[bit / 8] & (0x80 >> (bit % 8))) != 0) values[bit / BitsOfChar] |= (byte)(0x10 >> (bit % BitsOfChar));
        }

        return values;
    }

    private static byte[] Bytes(List<byte> values)
    {
        var bytes = new byte[values.Count * BitsOfChar / 8];
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            if ((values[bit / BitsOfChar] & (0x10 >> (bit % BitsOfChar))) != 0) bytes[bit / 8] |= (byte)(0x80 >> (bit % 8));
        }

        return bytes;
    }

    private static int CheckOf(int place, ReadOnlySpan<byte> group) =>
        (int)(Castagnoli.Of([(byte)place, .. group]) % (uint)Alphabet.Length);

    /// <summary>Letters that are taken for digits are digits; -1 for what is in no code.</summary>
    private static int ValueOf(char c) => c switch
    {
        'O' => 0,
        'I' or 'L' => 1,
        _ => Alphabet.IndexOf(c, StringComparison.Ordinal),
    };
}
