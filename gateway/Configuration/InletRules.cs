using Gateway.Tcp;
using Gateway.Tcp.Framing;

namespace Gateway.Configuration;

/// <summary>The rules for inlets: names, addresses, destinations, answers.</summary>
internal static class InletRules
{
    private const int AnswerBytesMax = 1024;

    public static void Check(GatewayOptions options, ICollection<string> faults)
    {
        foreach (var (name, inlet) in options.Tcp.Inlets)
        {
            var key = KeyOf(name);
            if (!Names.IsValid(TcpNames.RepliesOf(name)))
                faults.Add($"{key}: a name is 1 to {Names.LengthMax - TcpNames.RepliesSuffix.Length} of a-z A-Z 0-9 . _ -, starting with a "
                    + "letter or digit.");
            if (inlet.Address.Length > 0) GatewayOptionsRules.CheckListen($"{key}:Address", inlet.Address, faults);
            CheckDestination(key, inlet.Destination, options, faults);
            CheckOutlet(key, inlet, options, faults);
            FramingRules.Check($"{key}:Framing", inlet.Framing, options.Intake.BodyBytesMax, faults);
            CheckAnswer(key, inlet, faults);
            CheckTls($"{key}:Tls", inlet.Tls, faults);
        }

        foreach (var same in options.Tcp.Inlets.Where(inlet => !inlet.Value.Address.EndsWith(":0", StringComparison.Ordinal))
            .GroupBy(inlet => inlet.Value.Address).Where(same => same.Key.Length > 0 && same.Count() > 1))
        {
            faults.Add($"{KeyOf(same.Last().Key)}:Address is '{same.Key}', where the inlet {same.First().Key} listens already; give each a "
                + "port of its own.");
        }
    }

    private static string KeyOf(string inlet) => $"Gateway:Tcp:Inlets:{inlet}";

    private static void CheckDestination(string key, string destination, GatewayOptions options, ICollection<string> faults)
    {
        if (destination.Length == 0) return;
        if (!Names.TryParseDestination(destination, out var queue, out var peer))
            faults.Add($"{key}:Destination is '{destination}', which is neither of the form queue@peer nor the name of a queue.");
        else if (peer is null && !options.Routes.ContainsKey(queue))
            faults.Add($"{key}:Destination is '{destination}', but there is no Gateway:Routes:{queue}; write {queue}@PEER, or add the "
                + "route.");
        else if (peer is not null && peer != options.Name && !options.Peers.ContainsKey(peer))
            faults.Add($"{key}:Destination is '{destination}', but there is no peer '{peer}' in Gateway:Peers.");
    }

    /// <summary>An outlet of this gateway that empties the destination; of those of others nothing is known here.</summary>
    private static void CheckOutlet(string key, InletOptions inlet, GatewayOptions options, ICollection<string> faults)
    {
        if (!Names.TryParseDestination(inlet.Destination, out var queue, out var peer) || peer != options.Name) return;
        foreach (var (name, outlet) in options.Tcp.Outlets.Where(outlet => outlet.Value.Queue == queue))
        {
            if ((inlet.Framing.Kind == FrameKind.Stream) == (outlet.Framing.Kind == FrameKind.Stream)) continue;
            faults.Add($"{key}:Framing:Kind is {inlet.Framing.Kind}, but the outlet {name}, which empties '{queue}', has "
                + $"{outlet.Framing.Kind}; a stream needs Stream on both sides.");
        }
    }

    private static void CheckAnswer(string key, InletOptions inlet, ICollection<string> faults)
    {
        if (!ByteText.TryParse(inlet.AnswerBytes, out var bytes, out var fault))
            faults.Add($"{key}:AnswerBytes is '{inlet.AnswerBytes}', which {fault}");
        else if (inlet.Answer == InletAnswer.Fixed && bytes.Length is 0 or > AnswerBytesMax)
            faults.Add($"{key}:Answer is Fixed, and {key}:AnswerBytes has {Figures.Counted(bytes.Length, "byte")}; give 1 to "
                + $"{AnswerBytesMax}, such as \\x06 or OK\\r\\n.");
        else if (inlet.Answer != InletAnswer.Fixed && !bytes.IsEmpty)
            faults.Add($"{key}:AnswerBytes is set, and {key}:Answer is {inlet.Answer}; set it to Fixed, or leave out the bytes.");
        if (inlet.Answer == InletAnswer.Fixed && inlet.Framing.Kind == FrameKind.Stream)
            faults.Add($"{key}:Answer is Fixed, but a stream has no frames to answer; set {key}:Framing:Kind to another one, or leave out "
                + "the answer.");
        if (inlet.Unclaimed == UnclaimedReplies.NextConversation && inlet.Framing.Kind == FrameKind.Stream)
            faults.Add($"{key}:Unclaimed is NextConversation, but a piece of one stream makes no sense in another; set "
                + $"{key}:Framing:Kind to another one, or Unclaimed to DeadLetter.");
    }

    private static void CheckTls(string section, InletTlsOptions tls, ICollection<string> faults)
    {
        foreach (var (key, path) in new[] { (nameof(tls.CertificatePath), tls.CertificatePath), (nameof(tls.KeyPath), tls.KeyPath) })
        {
            if (path.Length > 0 && !File.Exists(path))
                faults.Add($"{section}:{key} is '{path}', but there is no such file ({Path.GetFullPath(path)}).");
        }

        if (!tls.IsOn && (tls.KeyPath.Length > 0 || tls.KeyPassword.Length > 0))
            faults.Add($"{section}:CertificatePath is empty, but other keys of Tls are not; give the certificate, or none of them.");
    }
}
