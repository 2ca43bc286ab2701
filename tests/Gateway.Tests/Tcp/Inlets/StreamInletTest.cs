using Gateway.Tcp;
using Gateway.Tcp.Framing;
using Gateway.Tcp.Inlets;

namespace Gateway.Tests.Tcp.Inlets;

/// <summary>The base of tests at an inlet of streams, to which a program is connected.</summary>
public abstract class StreamInletTest
{
    private protected static readonly InletSettings Stream = InletBench.Settings() with { Format = new FrameFormat.Stream() };

    private protected StreamInletTest() => Program = Bench.Connect(Stream);

    private protected InletBench Bench { get; } = new();

    private protected FakeProgram Program { get; }

    /// <summary>The program sends nothing more.</summary>
    private protected void End(InputEndKind kind)
    {
        Program.End(kind);
        Bench.Store.Run();
    }

    private protected void Reply(string body, string name = "", long frame = 0, string outlet = "out") =>
        Bench.Reply(Bench.Conversation, body, name, frame, outlet);
}
