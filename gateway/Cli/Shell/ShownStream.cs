using System.Text;

namespace Gateway.Cli.Shell;

/// <summary>
/// The output at a screen, for bytes that others wrote: they are shown as UTF-8 text that no terminal obeys. For one writer.
/// </summary>
internal sealed class ShownStream(Stream screen) : ForwardStream
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        var characters = new char[_decoder.GetCharCount(buffer, flush: false)];
        var count = _decoder.GetChars(buffer, characters, flush: false);
        screen.Write(Encoding.UTF8.GetBytes(ForeignText.Lines(new string(characters, 0, count))));
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => screen.Flush();
}
