{class=0xffff,type=1,len=4}->tun_metadata1
