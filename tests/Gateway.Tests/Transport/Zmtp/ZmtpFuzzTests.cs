using System.Globalization;
using Gateway.Transport;
using Gateway.Transport.Zmtp;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Zmtp;

/// <summary>
/// Mutated streams of real peers: checker and reader never throw, what they let pass is well formed, and the result does not depend on how
/// a stream is cut.
/// </summary>
[Kind(Kind.Slow)]
public sealed class ZmtpFuzzTests
{
    private static int Inputs => Setting("GATEWAY_ZMTP_INPUTS", 100_000);

    private static int Seed => Setting("GATEWAY_ZMTP_SEED", 1);

    [Fact]
    public void MutatedStreams_PassOnlyAsFarAsTheyAreWellFormed()
    {
        var mutator = new ZmtpMutator(Seed);
        var byFault = new Dictionary<ConnectionFault, int>();
        for (var i = 0; i < Inputs; i++)
        {
            var stream = mutator.Next();
            var pieces = mutator.NextPieces();
            try
            {
                var fault = Check(stream, pieces);
                byFault[fault] = byFault.GetValueOrDefault(fault) + 1;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException(
                    $"Input {i} of seed {Seed}, in pieces of {string.Join(' ', pieces)}: {Convert.ToHexString(stream)}", e);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", byFault.OrderByDescending(pair => pair.Value)));
        // Every way to go wrong was taken, or the mutator is no longer worth its name.
        byFault.Keys.Count(fault => fault is > ConnectionFault.None and < ConnectionFault.HandshakeCut).ShouldBeGreaterThanOrEqualTo(13);
        byFault.GetValueOrDefault(ConnectionFault.None).ShouldBeGreaterThan(Inputs / 20);
    }

    private static ConnectionFault Check(byte[] stream, int[] pieces)
    {
        var read = CheckedStream.Read(stream, pieces);
        var whole = CheckedStream.Read(stream, Math.Max(1, stream.Length));
        read.Fault.ShouldBe(whole.Fault);
        read.Passed.AsSpan().SequenceEqual(whole.Passed).ShouldBeTrue();
        if (read.Checker.Phase != ZmtpPhase.Traffic) read.Passed.ShouldBeEmpty();
        var limits = CheckedStream.Limits;
        StrictZmtp.Find(read.Passed, limits.FrameBytesMax, limits.MessageBytesMax, limits.PartsMax).ShouldBeNull();
        var messages = ReadStream.Read(stream, pieces);
        messages.Fault.ShouldBe(read.Fault);
        messages.Messages.ShouldBe(ReadStream.MessagesOf(read.Passed));
        return read.Fault;
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
