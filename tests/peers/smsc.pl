#!/usr/bin/perl
# A message centre for tests, on the SMPP of Net::SMPP: it lets clients bind, takes their messages, reports on them, and
# delivers what it is told to. One JSON object a line on standard output for what happens; one a line on standard input for
# what to do: deliver (with fields), drop, silence, status (the answer to messages from now on).
use strict;
use warnings;
use IO::Select;
use JSON::PP;
use Net::SMPP;

my ($port, $system_id, $password) = @ARGV;
$| = 1;
my $json = JSON::PP->new->canonical->latin1;
my $listener = Net::SMPP->new_listen('127.0.0.1', port => $port, smpp_version => 0x34, async => 1, interface_version => 0x34)
    or die "cannot listen on $port: $!";
my $ready = IO::Select->new($listener, \*STDIN);
my (%bound, $waiting, $silent, $number, $buffer);
my $status = 0;
$number = 2600;
$buffer = '';

sub tell_about { print $json->encode({@_}), "\n" }
tell_about(event => 'ready');

while (1) {
    for my $handle ($ready->can_read) {
        if ($handle == $listener) {
            my $client = $listener->accept or next;
            $ready->add($client);
        } elsif ($handle == \*STDIN) {
            my $got = sysread STDIN, $buffer, 65536, length $buffer;
            exit 0 unless $got;
            while ($buffer =~ s/^(.*?)\n//) { obey($json->decode($1)) }
        } else {
            hear($handle);
        }
    }
}

sub hear {
    my ($client) = @_;
    my $pdu = $client->read_pdu;
    if (!$pdu) {
        tell_about(event => 'gone', how => delete $bound{$client} // '');
        $ready->remove($client);
        $client->close;
        return;
    }
    my $kind = $pdu->{cmd};
    if ($kind == 0x02 || $kind == 0x09 || $kind == 0x01) { bind_client($client, $pdu, $kind) }
    elsif ($kind == 0x04) { take($client, $pdu) }
    elsif ($kind == 0x15) { tell_about(event => 'asked'); $client->enquire_link_resp(seq => $pdu->{seq}) unless $silent }
    elsif ($kind == 0x06) { tell_about(event => 'unbound'); $client->unbind_resp(seq => $pdu->{seq}) }
    elsif ($kind == 0x80000005) { tell_about(event => 'answered', seq => $pdu->{seq}, status => $pdu->{status}) }
    else { tell_about(event => 'other', cmd => $kind) }
}

sub bind_client {
    my ($client, $pdu, $kind) = @_;
    my $right = $pdu->{system_id} eq $system_id && $pdu->{password} eq $password;
    my %answer = (system_id => 'smsc', seq => $pdu->{seq}, status => $right ? 0 : 0x0E);
    $client->set_version(0x34);
    my $how = $kind == 0x09 ? 'transceiver' : $kind == 0x02 ? 'transmitter' : 'receiver';
    my $reply = "bind_${how}_resp";
    $client->$reply(%answer);
    if ($right) {
        $bound{$client} = $how;
        $waiting = $client if $how ne 'transmitter';
    }
    tell_about(event => 'bound', how => $how, right => $right ? 1 : 0, system_type => $pdu->{system_type});
}

sub take {
    my ($client, $pdu) = @_;
    my $id = sprintf '%X', $number++;
    return tell_about(event => 'ignored') if $silent;
    tell_about(
        event => 'message', id => $id, to => $pdu->{destination_addr}, to_ton => $pdu->{dest_addr_ton},
        from => $pdu->{source_addr}, from_ton => $pdu->{source_addr_ton}, coding => $pdu->{data_coding},
        esm => $pdu->{esm_class}, receipt => $pdu->{registered_delivery},
        words => unpack('H*', $pdu->{short_message}), payload => unpack('H*', $pdu->{message_payload} // ''),
    );
    $client->submit_sm_resp(message_id => $status ? '' : $id, seq => $pdu->{seq}, status => $status);
}

sub obey {
    my ($what) = @_;
    my $do = delete $what->{do};
    if ($do eq 'deliver') {
        for my $field (qw(short_message message_payload)) {
            $what->{$field} = pack 'H*', $what->{$field} if defined $what->{$field};
        }
        for my $field (qw(sar_msg_ref_num)) { $what->{$field} = pack 'n', $what->{$field} if defined $what->{$field} }
        for my $field (qw(sar_total_segments sar_segment_seqnum message_state)) {
            $what->{$field} = pack 'C', $what->{$field} if defined $what->{$field};
        }
        return tell_about(event => 'nobody') unless $waiting && $waiting->opened;
        my $seq = $waiting->deliver_sm(async => 1, %$what);
        tell_about(event => 'delivered', seq => $seq);
    } elsif ($do eq 'drop') {
        $_->close for grep { ref $_ && $_ != $listener && $_ != \*STDIN } $ready->handles;
        $ready = IO::Select->new($listener, \*STDIN);
        %bound = ();
        $waiting = undef;
        tell_about(event => 'dropped');
    } elsif ($do eq 'silence') {
        $silent = $what->{on};
        tell_about(event => 'silence');
    } elsif ($do eq 'status') {
        $status = $what->{status};
        tell_about(event => 'status');
    }
}
